"""Draws how many works have each score, what was expected beside it, and where the marks begin."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import counted
from opora.ui.pictures.svg import along, element, joined

HEIGHT = 132
TOP, FOOT = 20, 20  # room for the names of marks, and for scores


@dataclass(frozen=True)
class Histogram:
    """Works by score, from 0; ``expected`` is as long, or empty."""

    title: str
    works: Sequence[int]
    expected: Sequence[float] = ()
    bounds: Sequence[tuple[int, str]] = field(default_factory=tuple)  # score, what begins there


def histogram(picture: Histogram) -> SafeString:
    """Draw the works as columns, the expected ones as dashes across them, the boundaries as lines."""
    if not any(picture.works):
        return element("p", _("Показывать пока нечего."), class_="o-picture-empty")
    scores = len(picture.works)
    highest = max(*picture.works, *picture.expected, 1)
    drawing = element(
        "svg",
        element("title", _said(picture)),
        joined(_column(score, works, scores, highest) for score, works in enumerate(picture.works)),
        joined(_dash(score, works, scores, highest) for score, works in enumerate(picture.expected)),
        joined(_bound(score, name, scores) for score, name in picture.bounds),
        element("line", x1=0, x2="100%", y1=HEIGHT - FOOT, y2=HEIGHT - FOOT, class_="o-histogram-floor"),
        joined(_mark(score, scores) for score in _marked(picture)),
        role="img",
        width="100%",
        height=HEIGHT,
    )
    return element("div", drawing, _key(picture), class_="o-histogram o-picture")


def _column(score: int, works: int, scores: int, highest: float) -> SafeString:
    top = _height(works, highest)
    return element(
        "rect",
        x=along(score + 0.1, scores),
        width=along(0.8, scores),
        y=top,
        height=round(HEIGHT - FOOT - top, 1),
        class_="o-histogram-column",
    )


def _dash(score: int, works: float, scores: int, highest: float) -> SafeString:
    top, ends = _height(works, highest), {"x1": along(score, scores), "x2": along(score + 1, scores)}
    return element("line", **ends, y1=top, y2=top, class_="o-histogram-expected")


def _bound(score: int, name: str, scores: int) -> SafeString:
    place = along(score, scores)
    return joined(
        [
            element("line", x1=place, x2=place, y1=TOP - 4, y2=HEIGHT - FOOT, class_="o-histogram-bound"),
            element("text", name, x=place, y=TOP - 8, text_anchor="middle", class_="o-histogram-name"),
        ]
    )


def _mark(score: int, scores: int) -> SafeString:
    return element(
        "text", score, x=along(score + 0.5, scores), y=HEIGHT - 5, text_anchor="middle", class_="o-axis-mark"
    )


def _marked(picture: Histogram) -> list[int]:
    """Answer the scores that are written under the floor: the ends, and where marks begin."""
    last, found = len(picture.works) - 1, [0]
    for score in [*(score for score, _name in picture.bounds), last]:
        if score - found[-1] >= max(1, last // 16) and score <= last:
            found.append(score)
    return found


def _height(works: float, highest: float) -> float:
    return round(TOP + (HEIGHT - TOP - FOOT) * (1 - works / highest), 1)


def _key(picture: Histogram) -> SafeString | None:
    if not picture.expected:
        return None
    return element(
        "p", _("Столбцы — работы школы, чёрточки — сколько ожидалось при её уровне."), class_="o-note"
    )


def _said(picture: Histogram) -> str:
    """Say the picture: how many works, and at each boundary how many just above it and just below."""
    told = [f"{picture.title}: {counted(sum(picture.works), _('работа,работы,работ'))}."]
    for score, name in picture.bounds:
        above, below = sum(picture.works[score : score + 2]), sum(picture.works[max(0, score - 2) : score])
        said = _("У границы {name}, с {score}: чуть ниже {below}, на ней и чуть выше {above}.")
        told.append(said.format(name=name, score=score, below=below, above=above))
    return " ".join(told)
