"""Writes the register of schools of the demo region, with their municipalities, as a table for import."""

from pathlib import Path

from opora.demo.region import Region, School
from opora.demo.workbook import Cell, Sheet, write_workbook

HEADINGS = (
    "Регион",
    "Муниципалитет",
    "Вид муниципалитета",
    "Код МСУ",
    "ОКТМО муниципалитета",
    "Полное наименование",
    "Краткое наименование",
    "Логин ВПР",
    "Код ОО",
    "ИНН",
    "ОГРН",
    "ОКТМО",
    "Вид",
    "Населённый пункт",
    "Тип населённого пункта",
    "Уровни",
    "Число обучающихся",
)
MUNICIPALITY_KINDS = {
    "город": "городской округ",
    "округ": "муниципальный округ",
    "район": "муниципальный район",
}
SCHOOL_KINDS = {
    "secondary": "средняя или основная школа",
    "basic": "средняя или основная школа",
    "primary": "начальная школа",
    "gymnasium": "гимназия",
    "lyceum": "лицей",
    "evening": "вечерняя (сменная) школа",
    "special": "специальная (коррекционная) школа",
}


def write_schools(path: Path, region: Region) -> None:
    """Write the schools as a workbook; codes stand as text, so that no zero is lost."""
    rows: list[list[Cell]] = [list(HEADINGS), *(_school(region, school) for school in region.schools)]
    write_workbook(path, Sheet("Школы", rows))


def _school(region: Region, school: School) -> list[Cell]:
    place = school.municipality
    levels = "5-11" if school.kind == "evening" else f"1-{school.last_grade}"
    town = "посёлок городского типа" if school.settlement.startswith("рп") else "село"
    return [
        region.code,
        place.name,
        MUNICIPALITY_KINDS[place.kind],
        str(place.msu),
        place.oktmo,
        school.full_name,
        school.name,
        school.login,
        school.ris,
        school.inn,
        school.ogrn,
        place.oktmo,
        SCHOOL_KINDS[school.kind],
        school.settlement.split(" ", 1)[1],
        "город" if school.urban else town,
        levels,
        school.pupils,
    ]
