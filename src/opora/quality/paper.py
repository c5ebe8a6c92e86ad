"""Notes of quality checks on paper: the same blocks as PDF by typst and as DOCX by python-docx."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opora.language import _
from opora.lib.paper import add_table, finished, pdf, upright_document
from opora.ui.components import origin
from opora.ui.numbers import is_english

TEMPLATE = Path(__file__).with_name("paper.typ")
WIDE = 17  # centimetres of a page that are written on


@dataclass(frozen=True)
class Heading:
    """A heading within a note."""

    text: str


@dataclass(frozen=True)
class Lines:
    """Some lines of text."""

    lines: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table; widths: how wide columns are beside one another."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]


Block = Heading | Lines | Table


def on_paper(title: str, blocks: Sequence[Block], kind: str) -> bytes:
    """Print a note; ``kind``: pdf or docx. Its form is Opora's own, which it says."""
    blocks = [*blocks, Lines([own_form()])]
    return _as_pdf(title, blocks) if kind == "pdf" else _as_docx(title, blocks)


def own_form() -> str:
    """Say whose the form is."""
    word, _meaning = origin("default")
    return _("Форма: {word}. Официальной формы справки о проверке ВСОКО не опубликовано.").format(word=word)


def _as_pdf(title: str, blocks: Sequence[Block]) -> bytes:
    told: dict[str, Any] = {
        "lang": "en" if is_english() else "ru",
        "title": title,
        "blocks": [_told(block) for block in blocks if _is_filled(block)],
    }
    return pdf(TEMPLATE, told)


def _is_filled(block: Block) -> bool:
    """Say whether there is anything to print: a tagged table needs rows."""
    return bool(
        block.rows if isinstance(block, Table) else block.lines if isinstance(block, Lines) else block
    )


def _told(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": block.text}
    if isinstance(block, Lines):
        return {"kind": "lines", "lines": list(block.lines)}
    return {
        "kind": "table",
        "heads": list(block.heads),
        "rows": [list(row) for row in block.rows],
        "widths": list(block.widths),
    }


def _as_docx(title: str, blocks: Sequence[Block]) -> bytes:
    document = upright_document(10)
    document.add_heading(title, 1)
    for block in blocks:
        if not _is_filled(block):
            continue
        if isinstance(block, Heading):
            document.add_heading(block.text, 2)
        elif isinstance(block, Lines):
            for line in block.lines:
                document.add_paragraph(line)
        else:
            widths = [WIDE * one / sum(block.widths) for one in block.widths]
            add_table(document, [block.heads, *block.rows], widths)
    return finished(document, title, _("Опора"), "en" if is_english() else "ru")
