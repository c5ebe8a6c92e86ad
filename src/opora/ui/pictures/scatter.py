"""Draws schools as dots in a plane whose axes cross at zero: where four quadrants meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.pictures.svg import along, element, joined

HEIGHT = 340
EDGE = 26  # room above and below for the names of the ends
PLACES = (
    ("50%", 14, "middle"),
    ("50%", HEIGHT - 8, "middle"),
    ("0", HEIGHT / 2 - 8, "start"),
    ("100%", HEIGHT / 2 - 8, "end"),
)
INSIDE = 0.04  # of the width, so that no dot is cut


@dataclass(frozen=True)
class Dot:
    """One dot: ``said`` is read when it is pointed at."""

    x: float
    y: float
    said: str
    href: str | None = None
    is_strong: bool = False
    is_faint: bool = False


@dataclass(frozen=True)
class Scatter:
    """Dots in a plane; ``ends`` says what lies above, below, to the left and to the right."""

    title: str
    dots: Sequence[Dot]
    ends: tuple[str, str, str, str]
    strong_name: str  # what a strong dot means


def scatter(picture: Scatter) -> SafeString:
    """Draw the dots, the faint ones first, the strong ones over all."""
    if not picture.dots:
        return element("p", _("Показывать пока нечего."), class_="o-picture-empty")
    wide = _reach(dot.x for dot in picture.dots)
    tall = _reach(dot.y for dot in picture.dots)
    ordered = sorted(picture.dots, key=lambda dot: (dot.is_strong, not dot.is_faint))
    middle = HEIGHT / 2
    drawing = element(
        "svg",
        element("title", picture.title),
        element("line", x1="0", x2="100%", y1=middle, y2=middle, class_="o-scatter-axis"),
        element("line", x1="50%", x2="50%", y1=EDGE, y2=HEIGHT - EDGE, class_="o-scatter-axis"),
        joined(_dot(dot, wide, tall) for dot in ordered),
        joined(_end(*told) for told in zip(picture.ends, PLACES, strict=True)),
        role="group",
        aria_label=picture.title,
        width="100%",
        height=HEIGHT,
    )
    return element("div", drawing, _key(picture), class_="o-scatter o-picture")


def _reach(places: Iterable[float]) -> float:
    """Answer how far the plane reaches from zero, to either side."""
    return max((abs(place) for place in places), default=0.0) * 1.05 or 1.0


def _dot(dot: Dot, wide: float, tall: float) -> SafeString:
    look = "o-scatter-strong" if dot.is_strong else "o-scatter-faint" if dot.is_faint else "o-scatter-dot"
    place = {"x": along(INSIDE + (1 - 2 * INSIDE) * (dot.x / wide + 1) / 2)}
    down = round(HEIGHT / 2 - dot.y / tall * (HEIGHT / 2 - EDGE), 1)
    said = element("title", dot.said)
    if dot.is_strong:  # a square, so that the colour is not all that tells it apart
        mark = element(
            "svg",
            element("rect", said, x=-5, y=-5, width=10, height=10, class_=look),
            x=place["x"],
            y=down,
            class_="o-scatter-mark",
        )
    else:
        mark = element("circle", said, cx=place["x"], cy=down, r=4, class_=look)
    return element("a", mark, href=dot.href, aria_label=dot.said) if dot.href else mark


def _end(name: str, place: tuple[str, float, str]) -> SafeString:
    x, y, anchor = place
    return element("text", name, x=x, y=y, text_anchor=anchor, class_="o-scatter-end")


def _key(picture: Scatter) -> SafeString:
    told = _("Квадрат — {strong}, бледная точка — разница может быть случайной.")
    return element("p", told.format(strong=picture.strong_name), class_="o-note")
