"""Draws scores of 0–100 with their intervals over the bands of their levels: a table with a picture in it.

A row has its own bands, as cut-offs may be learnt from other schools; a band is a tint, and the level is
always said in words beside it. A tick is where similar schools stand in the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import number
from opora.ui.pictures.svg import along, element, joined

MIDDLE, WHOLE, MARKS = "50%", 100, (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class LevelRow:
    """One score: ``state`` is ``high``, ``middle``, ``low`` or ``none``, ``word`` how it is said.

    Units: points. Empty: ``value`` None is told by its word alone; ``beside`` None draws no tick.
    """

    label: str
    state: str
    word: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    middle_from: float | None = None
    high_from: float | None = None
    beside: float | None = None
    href: str | None = None
    note: str = ""


@dataclass(frozen=True)
class LevelPlot:
    """Scores one under another; ``beside`` names what the ticks are, "" where there are none."""

    title: str
    rows: Sequence[LevelRow]
    beside: str = ""


def level_plot(picture: LevelPlot) -> SafeString:
    """Draw the rows, the axis below them and what the marks mean."""
    head = element(
        "tr",
        element("th", _("Фактор"), scope="col", class_="visually-hidden"),
        element("td"),
        element("th", _("Значимость и баллы"), scope="col", class_="visually-hidden"),
    )
    foot = element("tr", element("td"), element("td", _axis(), class_="o-dots-axis"), element("td"))
    table = element(
        "table",
        element("caption", picture.title, class_="visually-hidden"),
        element("thead", head),
        element("tbody", joined(_row(row, picture.beside) for row in picture.rows)),
        element("tfoot", foot, aria_hidden="true"),
        class_="o-dots",
    )
    return element("div", table, _key(picture.beside), class_="o-picture")


def _row(row: LevelRow, beside: str) -> SafeString:
    label = element("a", row.label, href=row.href) if row.href else row.label
    note = element("span", row.note, class_="o-dots-note") if row.note else None
    return element(
        "tr",
        element("th", label, note, scope="row"),
        element("td", _line(row, beside), class_="o-dots-picture"),
        element("td", *_said_beside(row), class_="o-dots-value"),
        class_=f"o-dots-row o-levels-{row.state}",
    )


def _said_beside(row: LevelRow) -> list[SafeString]:
    pieces = [element("span", row.word, class_="o-dots-share")]
    if row.value is not None:
        pieces.append(element("span", _points(row), class_="o-dots-note"))
    return pieces


def _points(row: LevelRow) -> str:
    if row.low is None or row.high is None or row.high - row.low < 1e-6:
        return number(row.value or 0)
    between = {"low": number(row.low), "high": number(row.high)}
    return _("{points}, от {low} до {high}").format(points=number(row.value or 0), **between)


def _line(row: LevelRow, beside: str) -> SafeString:
    pieces: list[SafeString | None] = [element("title", _said(row, beside))]
    if row.middle_from is not None and row.high_from is not None:
        pieces.append(_band(row.middle_from, row.high_from, "o-levels-band-middle"))
        pieces.append(_band(row.high_from, WHOLE, "o-levels-band-high"))
    pieces.append(element("line", x1="0", x2="100%", y1=MIDDLE, y2=MIDDLE, class_="o-dots-rail"))
    if row.value is not None and row.low is not None and row.high is not None:
        ends = {"x1": along(row.low, WHOLE), "x2": along(row.high, WHOLE)}
        pieces.append(element("line", **ends, y1=MIDDLE, y2=MIDDLE, class_="o-dots-interval"))
    if row.beside is not None:
        place = along(row.beside, WHOLE)
        pieces.append(element("line", x1=place, x2=place, y1="15%", y2="85%", class_="o-levels-beside"))
    if row.value is not None:
        pieces.append(element("circle", cx=along(row.value, WHOLE), cy=MIDDLE, r=5.5, class_="o-dots-dot"))
    return element("svg", *pieces, role="img", width="100%", height="100%", class_="o-dots-line")


def _band(start: float, end: float, name: str) -> SafeString:
    width = along(max(0.0, end - start), WHOLE)
    return element("rect", x=along(start, WHOLE), width=width, y="0", height="100%", class_=name)


def _said(row: LevelRow, beside: str) -> str:
    """Say the row in one sentence for those who do not see it."""
    parts = [f"{row.label}: {row.word}"]
    if row.value is not None:
        parts.append(_points(row))
    if row.beside is not None:
        parts.append(f"{beside}: {number(row.beside)}")
    return "; ".join(parts)


def _axis() -> SafeString:
    marks = []
    for place in MARKS:
        anchor = "start" if place == 0 else "end" if place == WHOLE else "middle"
        at = {"x": along(place, WHOLE), "y": 14, "text_anchor": anchor}
        marks.append(element("text", place, **at, class_="o-axis-mark"))
    return element("svg", *marks, width="100%", height=18, class_="o-dots-line")


def _key(beside: str) -> SafeString:
    words = [
        _("Точка — значение от 0 до 100, больше — больше риск."),
        _(
            "Полоса — где было бы, вероятнее всего, значение, ответь другие из приглашённых; "
            "почему остальные не ответили, не учтено."
        ),
        _("Закрашенный фон: средняя значимость, правее — высокая."),
    ]
    if beside:
        words.append(_("Чёрточка — {what}.").format(what=beside))
    return element("p", " ".join(words), class_="o-note")
