"""What the page's own program says, and the service worker that keeps the pages on a device."""

import json
from functools import cache

from opora.language import _
from opora.ui.worker import Kept, worker_of

FILES = (
    "diagnostics/survey.css",
    "diagnostics/survey.js",
    "diagnostics/line.js",
    "diagnostics/outbox.js",
    "diagnostics/store.js",
    "diagnostics/conditions.js",
    "ui/device.js",
    "ui/sign.svg",
)


def words() -> str:
    """Say what the page's program needs, as JSON."""
    said = {
        "begin": _("Начать"),
        "next": _("Дальше"),
        "back": _("Назад"),
        "step": _("Страница {n} из {all}"),
        "saved": _("Сохранено на этом устройстве"),
        "unkept": _("Этот браузер не хранит ответы: не закрывайте страницу, пока не отправите их."),
        "evicted": _(
            "Если на устройстве мало места, браузер может стереть сохранённое: не откладывайте отправку."
        ),
        "required": _("Ответьте на этот вопрос."),
        "code": _("Введите код из приглашения."),
        "waiting": _(
            "Связи нет. Ответы сохранены на этом устройстве и уйдут сами, когда она появится, а эта "
            "страница открыта. Закрыли — откройте её ещё раз."
        ),
        "waiting_unkept": _(
            "Связи нет, и этот браузер не хранит ответы: не закрывайте страницу. Ответы уйдут сами, когда "
            "связь появится."
        ),
        "sent": _("Анкеты, которые ждали связи на этом устройстве, отправлены: {n}."),
        "pending": _(
            "На этом устройстве ждут связи заполненные анкеты: {n}. Они уйдут сами, когда она появится, а "
            "эта страница открыта."
        ),
        "refused": _("Одну из анкет, которые ждали на этом устройстве, не приняли."),
        "mend": _("Открыть её и поправить"),
        "over_here": _("Срок прошёл, не приняты анкеты, которые ждали на этом устройстве: {n}."),
        "over": _("Срок для ответов прошёл: они не отправлены."),
        "thanks": _("Спасибо, ответы приняты"),
        "receipt": _("Квитанция {short}. С ответами она не хранится. Страницу можно закрыть."),
        "another": _("Заполнить ещё одну анкету на этом устройстве"),
    }
    return json.dumps(said, ensure_ascii=False)


@cache
def worker() -> str:
    """Write the service worker of questionnaires."""
    return worker_of(Kept("opora-survey", FILES))
