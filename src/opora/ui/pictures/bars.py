"""Draws bars from zero, each with its words beside it: a table whose middle column is a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import number
from opora.ui.pictures.svg import along, element, joined

HEIGHT = 20


@dataclass(frozen=True)
class Bar:
    """One bar: ``shown`` is how its value is said; a bar without a value is told as «нет данных»."""

    label: str
    value: float | None
    shown: str = ""
    href: str | None = None
    is_strong: bool = False


@dataclass(frozen=True)
class Bars:
    """A set of bars on one axis from zero to ``maximum`` (the longest bar, if not given)."""

    title: str
    bars: Sequence[Bar]
    maximum: float | None = None


def bars(picture: Bars) -> SafeString:
    """Draw the bars with their labels and values."""
    if not picture.bars:
        return element("p", _("Показывать пока нечего."), class_="o-picture-empty")
    maximum = picture.maximum or max((bar.value or 0 for bar in picture.bars), default=0) or 1
    return element(
        "table",
        element("caption", picture.title, class_="visually-hidden"),
        element("tbody", joined(_row(bar, maximum) for bar in picture.bars)),
        class_="o-bars o-picture",
    )


def mini_bar(value: float | None, maximum: float = 1) -> SafeString:
    """Draw a bar without words, for a cell of a table that says the number itself."""
    if value is None:
        return joined([])
    box = {"x": 0, "y": 0, "height": 8, "rx": 2}
    return element(
        "svg",
        element("rect", **box, width="100%", class_="o-bars-rail"),
        element("rect", **box, width=along(value, maximum), class_="o-bars-bar"),
        width=96,
        height=8,
        aria_hidden="true",
        class_="o-mini",
    )


def _row(bar: Bar, maximum: float) -> SafeString:
    label = element("a", bar.label, href=bar.href) if bar.href else bar.label
    shown = _("нет данных") if bar.value is None else bar.shown or number(bar.value)
    strong = " o-bars-strong" if bar.is_strong else ""
    width = along(bar.value or 0, maximum)
    box = {"x": 0, "y": 3, "height": HEIGHT - 6, "rx": 2}
    drawing = element(
        "svg",
        element("title", f"{bar.label}: {shown}"),
        element("rect", **box, width="100%", class_="o-bars-rail"),
        None if bar.value is None else element("rect", **box, width=width, class_=f"o-bars-bar{strong}"),
        role="img",
        width="100%",
        height=HEIGHT,
    )
    return element(
        "tr",
        element("th", label, scope="row"),
        element("td", drawing, class_="o-bars-picture"),
        element("td", shown, class_="o-bars-value"),
    )
