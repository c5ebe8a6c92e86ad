"""The list as a table for a person: XLSX with its reasons and origin, or CSV of the verdicts alone."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opora.language import _
from opora.lists.words import percent
from opora.methodology import edition as editions
from opora.methodology import wording
from opora.results.words import evidence_name

Document = dict[str, Any]
Row = list[Any]
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a text that begins so


def legal_note() -> str:
    """Say what the list is for and what it may not be used for.

    Source: facts 7.4 (recommendations on the use of ВПР results).
    """
    return _(
        "Перечень составлен для оказания методической поддержки. Результаты ВПР не предназначены для оценки "
        "деятельности школ, учителей и органов управления. Перечень — не рейтинг, публикации он не подлежит."
    )


def verdict_rows(listed: Document, *, everybody: bool) -> Iterator[Row]:
    """Give the heading and a row per school and list."""
    edition = editions.parse(listed["edition"]["text"], listed["edition"]["name"])
    yield [
        _("Школа"),
        _("Название"),
        _("Муниципалитет"),
        _("Перечень"),
        _("Нуждается в поддержке по правилу"),
        _("Неуспешных"),
        _("Учтено"),
        _("Что решило"),
        _("Устойчивость, %"),
        _("Показатели"),
    ]
    for line in listed["schools"]:
        for name, verdict in line["verdicts"].items():
            if everybody or verdict["listed"]:
                yield _verdict_row(line, edition, name, verdict)


def _verdict_row(line: Document, edition: editions.Edition, name: str, verdict: Document) -> Row:
    about = line.get("about", {})
    stability = verdict["stability"]
    deciding = [row for row in line["deciding"] if row.get("list", name) == name]
    return [
        line["school"],
        about.get("name", ""),
        about.get("municipality", ""),
        str(edition.lists[name].title),
        _("да") if verdict["listed"] else _("нет"),
        verdict["failed"],
        verdict["counted"],
        wording.branch_label(edition, name, verdict["branch"]) if verdict["listed"] else "",
        None if stability is None else round(stability * 100, 1),
        "; ".join(_reason(row) for row in deciding),
    ]


def _reason(row: Document) -> str:
    if row.get("share") is not None:
        return f"{evidence_name(row)} — {percent(row['share'] * 100)}"
    return f"{evidence_name(row)} — {row.get('letter') or row.get('value')}"


def origin_rows(listed: Document) -> Iterator[Row]:
    """Say where the list comes from: edition, years, files, legal note."""
    edition, settings = listed["edition"], listed["settings"]
    yield [_("Редакция"), edition["name"]]
    yield [_("Статус редакции"), wording.status(edition["status"])]
    yield [_("SHA-256 редакции"), edition["digest"]]
    yield [_("Годы"), ", ".join(str(year) for year in settings["years"])]
    yield [_("Школ с результатами"), listed["counts"]["schools"]]
    yield [_("В перечне"), listed["counts"]["listed"]]
    for file in listed["inputs"]:
        yield [_("Файл"), file["name"], file["digest"]]
    yield [_("Примечание"), legal_note()]


def write_csv(listed: Document, path: Path) -> None:
    """Write every verdict, readable by a Russian spreadsheet program: «;» and a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in verdict_rows(listed, everybody=True):
            writer.writerow([_safe(cell) for cell in row])


def write_xlsx(listed: Document, path: Path) -> None:
    """Write three sheets: those on the list, everybody, the origin."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for title, rows in (
        (_("Перечень"), verdict_rows(listed, everybody=False)),
        (_("Все школы"), verdict_rows(listed, everybody=True)),
        (_("Источник"), origin_rows(listed)),
    ):
        sheet = book.create_sheet(title)
        for column, width in zip("ABCDEFGHIJ", (16, 40, 26, 26, 14, 12, 10, 44, 14, 70), strict=True):
            sheet.column_dimensions[column].width = width
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_safe(cell) for cell in row])
    book.save(path)


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
