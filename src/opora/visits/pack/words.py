"""What the pack's own program says, and the service worker that keeps packs on a device."""

import json
from functools import cache

from opora.language import _
from opora.ui.worker import Kept, worker_of
from opora.visits.words import kind_name, seen_words, who_was_met

FILES = (
    "diagnostics/survey.css",
    "visits/pack.css",
    "visits/pack.js",
    "visits/forms.js",
    "visits/listing.js",
    "visits/device.js",
    "visits/sending.js",
    "visits/record.js",
    "visits/digest.js",
    "visits/shrinking.js",
    "ui/device.js",
    "ui/sign.svg",
)
KINDS = ("met", "answer", "observation", "agreement", "agreement_kept", "note", "photo", "correction")


@cache
def worker() -> str:
    """Write the service worker of packs: they open without a line, and when the session has ended."""
    return worker_of(Kept("opora-visits", FILES, r"^/visits/\d+/pack/$", stays=True))


def words() -> str:
    """Say what the pack's program needs, as JSON."""
    return json.dumps(_of_the_device() | _of_records(), ensure_ascii=False)


def _of_the_device() -> dict[str, object]:
    """Say how it stands with the device, the line and who is signed in."""
    return {
        "saved": _("Сохранено на этом устройстве"),
        "typed": _("Черновик сохранён на этом устройстве"),
        "unkept": _("Этот браузер ничего не хранит: не закрывайте страницу, пока записи не отправлены."),
        "on_device": _("Пакет на этом устройстве: да, от {day}, занимает {size}. Откроется без связи."),
        "not_on_device": _(
            "Пакет ещё не на этом устройстве: без связи он не откроется. Нужен https или localhost."
        ),
        "keeping": _("Пакет сохраняется на это устройство…"),
        "evicted": _(
            "Если на устройстве мало места, браузер может стереть сохранённое: отправьте "
            "записи при первой связи или сохраните в файл."
        ),
        "all_received": _("Сервер получил все записи с этого устройства: {n}."),
        "nothing": _("На этом устройстве записей ещё нет."),
        "waiting": _("Ещё не отправлено: {n}. Уйдут сами, когда появится связь, а эта страница открыта."),
        "refused": _("Не принято сервером: {n}. Они остались на этом устройстве; причина — у каждой записи."),
        "sign_in": _("Вход закончился: войдите снова, ничего не потеряно."),
        "sign_in_link": _("Войти"),
        "other_person": _(
            "Вошёл другой человек: записи на этом устройстве сделаны не от его имени и не "
            "отправляются. Войдите тем, кто их сделал."
        ),
        "closed": _("Этот визит вам больше не открыт. Сохраните записи в файл и передайте координатору."),
        "no_line": _("Связи нет."),
        "removed": _("Пакет убран с этого устройства."),
        "not_removed": _(
            "Ещё не всё получено сервером ({n}). Дождитесь связи или сохраните в файл; убрать с потерей?"
        ),
        "remove_anyway": _("Убрать всё равно"),
        "file": _("визит"),
    }


def _of_records() -> dict[str, object]:
    """Say what records are called, how each stands, and what lacks in one that is written."""
    return {
        "kinds": {kind: kind_name(kind) for kind in KINDS},
        "who": who_was_met(),
        "seen": seen_words(),
        "state_waiting": _("ждёт связи"),
        "state_received": _("сервер получил {when}"),
        "state_refused": _("не принято: {why}"),
        "photo_waits": _("фотография ещё не отправлена"),
        "photo_refused": _("фотография не принята: {why}"),
        "mend": _("Исправить"),
        "withdraw": _("Отозвать"),
        "withdrawn": _("отозвано"),
        "corrected": _("исправлено"),
        "surely_withdraw": _(
            "Отозвать запись? Прежний текст останется виден как исправленный, фотография будет удалена."
        ),
        "mending": _("Исправление записи: прежний текст останется виден."),
        "cancel": _("Не исправлять"),
        "choose_photo": _("Выберите фотографию."),
        "no_picture": _("Этот файл не открывается как фотография."),
        "consent": _("На фотографии дети: отметьте, что согласие есть на бумаге или лица закрыты."),
        "level": _("Отметьте уровень хотя бы в одной строке листа."),
    }
