"""What the page's own program says, and the service worker that keeps the pages on a device."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static

from opora.language import _

FILES = (
    "diagnostics/survey.css",
    "diagnostics/survey.js",
    "diagnostics/outbox.js",
    "diagnostics/store.js",
    "diagnostics/conditions.js",
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
            "Сохраняем на этом устройстве. Если места мало, браузер может стереть ответы: не откладывайте."
        ),
        "required": _("Ответьте на этот вопрос."),
        "code": _("Введите код из приглашения."),
        "waiting": _(
            "Связи нет. Ответы сохранены на этом устройстве и уйдут сами, когда она появится, а эта "
            "страница открыта. Закрыли — откройте её ещё раз."
        ),
        "over": _("Срок для ответов прошёл: они не отправлены."),
        "thanks": _("Спасибо, ответы приняты"),
        "receipt": _("Квитанция {short}. С ответами она не хранится. Страницу можно закрыть."),
        "another": _("Заполнить ещё одну анкету на этом устройстве"),
    }
    return json.dumps(said, ensure_ascii=False)


@cache
def worker() -> str:
    """Write the service worker; its version is the digest of what it keeps, so that news arrive."""
    digest = hashlib.sha256()
    for name in FILES:
        found = finders.find(name)
        assert isinstance(found, str)
        digest.update(Path(found).read_bytes())
    told = {"version": digest.hexdigest()[:12], "files": json.dumps([static(name) for name in FILES])}
    return render_to_string("diagnostics/worker.js", told)
