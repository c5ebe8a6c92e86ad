"""A list as a workbook, streamed."""

from collections.abc import Iterator
from typing import Any

from opora.identification.exporting.taken import Line, Taken, lines
from opora.language import _
from opora.lib.streamed_sheet import Column, Sheet, workbook


def columns() -> list[Column]:
    """Answer the columns of the table."""
    return [
        Column("№", 7, "0"),
        Column(_("Школа"), 40),
        Column(_("Код школы"), 14),
        Column(_("Регион"), 20),
        Column(_("Муниципалитет"), 26),
        Column(_("Сельская"), 10),
        Column(_("В перечне"), 10),
        Column(_("Решение"), 24),
        Column(_("Ветвь правила"), 26),
        Column(_("Выше порога"), 10, "0"),
        Column(_("Учтено результатов"), 12, "0"),
        Column(_("Устойчивость решения"), 14, "0%"),
        Column(_("Решают результаты"), 64),
    ]


def as_xlsx(taken: Taken) -> Iterator[bytes]:
    """Give the workbook piece by piece."""
    sheet = Sheet(
        title=_("Перечень"),
        above=taken.about(),
        columns=columns(),
        rows=taken.count,
        printed_above=taken.note,
        printed_below=taken.stamp.words(),
        author=taken.stamp.by,
        properties={"subject": taken.run.title, "keywords": taken.stamp.words(), "description": taken.note},
    )
    return workbook(sheet, (_row(line) for line in lines(taken)))


def _row(line: Line) -> tuple[Any, ...]:
    yes, no = _("да"), _("нет")
    return (
        line.number, line.name, line.code, line.region, line.municipality, yes if line.rural else no,
        yes if line.listed else no, line.standing, line.branch, line.failed, line.counted, line.stability,
        line.reasons,
    )  # fmt: skip
