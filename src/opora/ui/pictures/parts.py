"""Draws how wholes fall into parts, one bar over what is usual: a table whose middle column is a picture.

Parts are told by their texture and by the words on them, not by colour alone; the words stand beside, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import share
from opora.ui.pictures.svg import along, element, joined, name_of

TALL, THIN, GAP = 18, 6, 3
ROOM = 0.14  # a part that is wide enough for its words
TEXTURES = ("lines", "plain", "dots")  # of the first, second and third part


@dataclass(frozen=True)
class PartsRow:
    """One whole. shares: of each part, 0–1, in order. beside: what is usual; None where it is not known."""

    label: str
    shares: tuple[float, ...]
    beside: tuple[float, ...] | None = None
    note: str = ""


@dataclass(frozen=True)
class PartsPlot:
    """Wholes one under another. names: of up to three parts; beside: whose the thin bar is."""

    title: str
    names: tuple[str, ...]
    rows: Sequence[PartsRow]
    beside: str = ""


def parts_plot(picture: PartsPlot) -> SafeString:
    """Draw the rows and what their textures mean."""
    if not picture.rows:
        return element("p", _("Показывать пока нечего."), class_="o-picture-empty")
    name = name_of(picture.title, *(row.label for row in picture.rows))
    table = element(
        "table",
        element("caption", picture.title, class_="visually-hidden"),
        element("tbody", joined(_row(row, picture, name) for row in picture.rows)),
        class_="o-parts",
    )
    return element("div", _textures(name), table, _key(picture, name), class_="o-picture")


def _row(row: PartsRow, picture: PartsPlot, name: str) -> SafeString:
    note = element("span", row.note, class_="o-dots-note") if row.note else None
    height = TALL + (GAP + THIN if row.beside else 0)
    pieces = [element("title", _said(row, picture))]
    pieces += _bar(row.shares, 0, TALL, name, words=True)
    if row.beside:
        pieces += _bar(row.beside, TALL + GAP, THIN, name)
    drawing = element("svg", *pieces, role="img", width="100%", height=height)
    return element(
        "tr",
        element("th", row.label, note, scope="row"),
        element("td", drawing, class_="o-parts-picture"),
    )


def _bar(
    shares: tuple[float, ...], y: int, height: int, name: str, *, words: bool = False
) -> list[SafeString]:
    """Draw the parts of one bar; a part that is wide enough says its share."""
    pieces, start = [], 0.0
    for place, part in enumerate(shares):
        box = {"x": along(start), "y": y, "width": along(part), "height": height}
        pieces.append(element("rect", **box, class_=f"o-parts-part o-parts-{place + 1}"))
        if TEXTURES[place] != "plain":
            pieces.append(element("rect", **box, fill=f"url(#{name}-{TEXTURES[place]})"))
        if words and part >= ROOM:
            middle = {"x": along(start + part / 2), "y": y + height - 5, "text_anchor": "middle"}
            pieces.append(element("text", share(part), **middle, class_="o-parts-word"))
        start += part
    return pieces


def _textures(name: str) -> SafeString:
    """Draw the textures once; they are no picture and are not told."""
    lines = element(
        "pattern",
        element("path", d="M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5", class_="o-parts-line"),
        id=f"{name}-lines",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    dots = element(
        "pattern",
        element("circle", cx=3, cy=3, r=1, class_="o-parts-dot"),
        id=f"{name}-dots",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
    )
    return element(
        "svg", element("defs", lines, dots), width=0, height=0, aria_hidden="true", focusable="false"
    )


def _said(row: PartsRow, picture: PartsPlot) -> str:
    """Say the row in one sentence for those who do not see it."""
    own = ", ".join(f"{word} {share(part)}" for word, part in zip(picture.names, row.shares, strict=False))
    said = f"{row.label}: {own}"
    if not row.beside:
        return said
    usual = ", ".join(share(part) for part in row.beside)
    return f"{said}; {picture.beside}: {usual}"


def _key(picture: PartsPlot, name: str) -> SafeString:
    """Say in words what the textures mean."""
    marks = []
    for place, word in enumerate(picture.names):
        box = {"x": 0, "y": 0, "width": 16, "height": 12}
        pieces = [element("rect", **box, class_=f"o-parts-part o-parts-{place + 1}")]
        if TEXTURES[place] != "plain":
            pieces.append(element("rect", **box, fill=f"url(#{name}-{TEXTURES[place]})"))
        mark = element("svg", *pieces, width=16, height=12, aria_hidden="true")
        marks.append(element("span", mark, word, class_="o-parts-key"))
    if picture.beside and any(row.beside for row in picture.rows):
        marks.append(element("span", _("тонкая полоса — {what}").format(what=picture.beside)))
    return element("p", *marks, class_="o-legend")
