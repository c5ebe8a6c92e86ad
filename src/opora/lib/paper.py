"""Makes documents to print: PDF by typst from a template and data, tables of DOCX by python-docx."""

import json
from collections.abc import Iterable, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any


def pdf(template: Path, told: dict[str, Any]) -> bytes:
    """Make a tagged PDF (PDF/UA-1); the template reads ``told`` as JSON: nothing of it is read as markup."""
    import typst

    made = typst.compile(
        template.read_bytes(),
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        ignore_system_fonts=True,
    )
    assert isinstance(made, bytes)
    return made


def upright_document(size: float) -> Any:
    """Begin a DOCX of upright A4. Units: size of letters in points."""
    from docx import Document
    from docx.shared import Cm, Pt

    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    document.styles["Normal"].font.size = Pt(size)
    return document


def finished(document: Any, title: str, author: str, language: str) -> bytes:
    """Say in a DOCX what it is and in which language; its content as a file."""
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author, language
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def add_table(document: Any, rows: Iterable[Iterable[str]], widths: Sequence[float]) -> None:
    """Add a table whose first row is bold and repeated on every page.

    Units: widths in centimetres; 0: narrow. Rows are copied as XML: the library's own cells are looked for
    anew at each touch, which takes minutes.
    """
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    first, *rest = rows
    table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    table.autofit = False
    for column, cell, words, width in zip(table.columns, table.rows[0].cells, first, widths, strict=True):
        column.width = cell.width = Cm(width or 1)
        cell.paragraphs[0].add_run(words).bold = True
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    pattern = deepcopy(table.rows[0]._tr)
    pattern.remove(pattern.find(qn("w:trPr")))
    for bold in pattern.iter(qn("w:rPr")):
        bold.getparent().remove(bold)
    for row in rest:
        made = deepcopy(pattern)
        for text, words in zip(made.iter(qn("w:t")), row, strict=True):
            text.text = words
            text.set(qn("xml:space"), "preserve")
        table._tbl.append(made)
