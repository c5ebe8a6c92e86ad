"""The deeds of the registry, as the trace says them, and in which role a person does one."""

from django.utils import timezone

from opora.accounts.models import User
from opora.audit.behalf import Place
from opora.registry.access import acting_at
from opora.registry.acting import nobody_acts

DEEDS = {
    "appoint": "дана роль «{as_role}», с {since}: {person}",
    "end_appointment": "завершено назначение «{as_role}» днём {until}: {person}. Причина: {reason}",
    "name_deputy": "назван заместитель в роли «{as_role}» с {since} по {until}: {deputy}; за кого: {person}",
    "end_deputyship": "завершено заместительство в роли «{as_role}» днём {until}: {deputy}",
    "keep_order": "сохранён приказ № {number}",
    "import_schools": "загружена таблица школ: новых {added}, изменено {changed}, "
    "новых муниципалитетов {municipalities}",
    "import_municipalities": "загружена таблица муниципалитетов: новых {municipalities}",
}

FIELDS = {
    "registry.municipality": {
        "name": "название",
        "kind": "вид",
        "oktmo": "ОКТМО",
        "msu_code": "код МСУ",
        "region_id": "регион",
    },
    "registry.school": {
        "name": "полное название",
        "short_name": "краткое название",
        "kind": "вид",
        "municipality_id": "муниципалитет",
        "region_id": "регион",
        "vpr_login": "логин ВПР",
        "ris_code": "код в РИС ГИА",
        "inn": "ИНН",
        "ogrn": "ОГРН",
        "oktmo": "ОКТМО",
        "settlement_kind": "тип населённого пункта",
        "settlement_name": "населённый пункт",
        "settlement_size": "жителей",
        "levels": "классы",
        "pupils": "учеников",
        "opened_on": "открыта",
        "closed_on": "закрыта",
    },
    "registry.appointment": {
        "role": "роль",
        "subject": "предмет",
        "since": "с",
        "until": "по последний день",
        "end_reason": "причина завершения",
    },
}


def acts_as(by: User, place: Place) -> tuple[str, int | None]:
    """Answer the role in which somebody acts at a place, and whom they stand in for."""
    if nobody_acts():
        return "", None  # as at signing in: nobody's scope shows no appointment
    held = acting_at(by, timezone.localdate(), place)
    return (held.role, held.behalf) if held else ("", None)
