"""Writes the register of municipalities and schools of the demo region as tables for import."""

from pathlib import Path

from opora.demo.region import Region, School
from opora.demo.workbook import Cell, Sheet, write_workbook

MUNICIPALITY_HEADINGS = ("Наименование", "Вид", "Код МСУ", "ОКТМО")
SCHOOL_HEADINGS = (
    "Полное наименование",
    "Краткое наименование",
    "Муниципалитет",
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


def write_municipalities(path: Path, region: Region) -> None:
    """Write the municipalities as «;» text."""
    lines = [";".join(MUNICIPALITY_HEADINGS)]
    lines += [
        ";".join((place.name, MUNICIPALITY_KINDS[place.kind], str(place.msu), place.oktmo))
        for place in region.municipalities
    ]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode("utf-8-sig"))


def write_schools(path: Path, region: Region) -> None:
    """Write the schools as a workbook; codes stand as text, so that no zero is lost."""
    rows: list[list[Cell]] = [list(SCHOOL_HEADINGS), *(_school(school) for school in region.schools)]
    write_workbook(path, Sheet("Школы", rows))


def _school(school: School) -> list[Cell]:
    levels = "5-11" if school.kind == "evening" else f"1-{school.last_grade}"
    return [
        school.full_name,
        school.name,
        school.municipality.name,
        school.login,
        school.ris,
        school.inn,
        school.ogrn,
        school.municipality.oktmo,
        SCHOOL_KINDS[school.kind],
        school.settlement,
        "город"
        if school.urban
        else "посёлок городского типа"
        if school.settlement.startswith("рп")
        else "село",
        levels,
        school.pupils,
    ]
