"""The deeds of the registry, as the trace says them."""

DEEDS = {
    "appoint": "дана роль «{as_role}», с {since}: {person}",
    "import_schools": "загружена таблица школ: новых {added}, изменено {changed}, "
    "новых муниципалитетов {municipalities}",
    "import_municipalities": "загружена таблица муниципалитетов: новых {municipalities}",
}
