"""The deeds of the registry, as the trace says them."""

DEEDS = {
    "appoint": "дана роль «{as_role}», с {since}: {person}",
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
    "registry.appointment": {"role": "роль", "since": "с", "until": "по последний день"},
}
