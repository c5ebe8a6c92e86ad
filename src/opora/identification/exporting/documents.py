"""A list as a document to read, print and sign: PDF by typst, DOCX by python-docx; listed schools only."""

from io import BytesIO
from pathlib import Path
from typing import Any

from opora.identification.exporting.taken import Line, Taken, lines
from opora.language import _
from opora.lib.paper import add_table, pdf
from opora.ui.numbers import chance, counted, is_english, number

TEMPLATE = Path(__file__).with_name("list.typ")
MOST = 6_000  # schools of one document: more of them make hundreds of pages that nobody reads
WIDTHS = (0, 5, 2.2, 4.3, 3, 3, 8.2)  # centimetres; 0: as wide as its words


class TooLong(Exception):
    """The list is too long for a document: the sentence says what to take instead."""


def heads() -> tuple[str, ...]:
    """Answer the heads of the table."""
    return (
        "№",
        _("Школа"),
        _("Код школы"),
        _("Муниципалитет"),
        _("Решение"),
        _("Устойчивость решения"),
        _("Решают результаты"),
    )


def cells(line: Line) -> tuple[str, ...]:
    """Answer the cells of a row."""
    stable = "—" if line.stability is None else chance(line.stability)
    if line.unstable:
        stable = _("{stability}, неустойчиво").format(stability=stable)
    place = line.municipality
    return number(line.number), line.name, line.code, place, line.standing, stable, line.reasons


def checked(taken: Taken) -> None:
    """Refuse what is too long.

    Raises: TooLong.
    """
    if taken.count > MOST:
        said = _("В перечне {count}: для документа это слишком много. Возьмите XLSX или один регион.")
        raise TooLong(said.format(count=counted(taken.count, "школа,школы,школ")))


def as_pdf(taken: Taken) -> bytes:
    """Make the PDF: tagged, with a title, the note on every page and the name of who took it across it.

    Raises: TooLong.
    """
    checked(taken)
    title, *about = taken.about()
    told: dict[str, Any] = {
        "lang": "en" if is_english() else "ru",
        "title": title,
        "about": about[:-2],  # the note and the stamp stand on every page
        "note": taken.note,
        "stamp": taken.stamp.words(),
        "by": taken.stamp.by,
        "heads": heads(),
        "widths": WIDTHS,
        "rows": [cells(line) for line in lines(taken)],
        "end": _("Всего: {count}").format(count=counted(taken.count, "школа,школы,школ")),
    }
    return pdf(TEMPLATE, told)


def as_docx(taken: Taken) -> bytes:
    """Make the DOCX: the note above every page, the name of who took it below it.

    Raises: TooLong.
    """
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    checked(taken)
    document: Any = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    document.styles["Normal"].font.size = Pt(9)
    _small(section.header, taken.note)
    _small(section.footer, taken.stamp.words())
    title, *about = taken.about()
    document.add_heading(title, 1)
    for line in about[:-2]:
        document.add_paragraph(line)
    add_table(document, [heads(), *(cells(line) for line in lines(taken))], WIDTHS)
    document.add_paragraph(_("Всего: {count}").format(count=counted(taken.count, "школа,школы,школ")))
    properties = document.core_properties
    properties.title, properties.author, properties.keywords = title, taken.stamp.by, taken.stamp.words()
    properties.comments, properties.language = taken.note, "en" if is_english() else "ru"
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _small(part: Any, words: str) -> None:
    from docx.shared import Pt, RGBColor

    run = part.paragraphs[0].add_run(words)
    run.font.size, run.font.color.rgb = Pt(7.5), RGBColor(90, 90, 90)
