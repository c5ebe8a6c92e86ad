"""Draws shares with their intervals against a named threshold: a table whose middle column is a picture.

Places along the axis are percents of the column's width, and words are text of the page, so the same markup
is readable at any width: a wide screen puts the words beside the line, a phone puts them above it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import interval, share, share_as_percent, share_beside
from opora.ui.pictures.svg import along, element, joined

MIDDLE = "50%"


@dataclass(frozen=True)
class Row:
    """One indicator: its share of takers with a low result, its interval, and how the rule read it.

    Units: ``share``, ``low_bound``, ``high_bound`` and ``threshold`` are 0–1; ``takers`` and ``low`` people.
    A row with ``excluded`` (the reason, in words) is drawn dashed and is not judged. A row without a share
    is told as «нет данных». ``threshold`` is given only where it differs from the picture's.
    """

    label: str
    share: float | None
    low_bound: float | None = None
    high_bound: float | None = None
    takers: int | None = None
    low: int | None = None
    is_failed: bool = False
    excluded: str = ""
    note: str = ""
    href: str | None = None
    threshold: float | None = None


@dataclass(frozen=True)
class DotPlot:
    """A set of rows against one threshold, with the words around it."""

    title: str
    rows: Sequence[Row]
    threshold: float | None = None
    threshold_name: str = ""
    note: str = ""


def dot_plot(picture: DotPlot) -> SafeString:
    """Draw the rows: failed filled, passed hollow, excluded dashed, the threshold named above its line."""
    if not picture.rows:
        return element("p", _("Показателей нет."), class_="o-picture-empty")
    maximum = axis_end(picture)
    head = element(
        "tr",
        element("th", _("Показатель"), scope="col", class_="visually-hidden"),
        element("td", _threshold_name(picture, maximum), class_="o-dots-axis"),
        element("th", _("Доля и интервал"), scope="col", class_="visually-hidden"),
    )
    body = joined(_row(row, picture, maximum) for row in picture.rows)
    foot = element("tr", element("td"), element("td", _axis(maximum), class_="o-dots-axis"), element("td"))
    table = element(
        "table",
        element("caption", picture.title, class_="visually-hidden"),
        element("thead", head),
        element("tbody", body),
        element("tfoot", foot, aria_hidden="true"),
        class_="o-dots",
    )
    note = element("p", picture.note, class_="o-note") if picture.note else None
    return element("div", table, _key(picture.rows), note, class_="o-picture")


def axis_end(picture: DotPlot) -> float:
    """Answer where the axis ends: the next fifth above every interval and threshold, at least 40 %."""
    reached = [0.4, *_known(picture.threshold)]
    for row in picture.rows:
        reached += _known(row.share, row.high_bound, row.threshold)
    return min(1.0, ceil(round(max(reached) * 100, 6) / 20) / 5)


def state_of(row: Row) -> str:
    """Answer how a row is drawn: ``excluded``, ``none``, ``failed`` or ``passed``."""
    if row.excluded:
        return "excluded"
    if row.share is None:
        return "none"
    return "failed" if row.is_failed else "passed"


def _known(*values: float | None) -> Iterable[float]:
    return [value for value in values if value is not None]


def _row(row: Row, picture: DotPlot, maximum: float) -> SafeString:
    threshold = row.threshold if row.threshold is not None else picture.threshold
    state = state_of(row)
    label = element("a", row.label, href=row.href) if row.href else row.label
    notes = [row.note, row.excluded and _("не учтён: {reason}").format(reason=row.excluded)]
    if row.threshold is not None and row.threshold != picture.threshold:
        notes.append(_("порог {threshold}").format(threshold=share(row.threshold)))
    small = [element("span", note, class_="o-dots-note") for note in notes if note]
    return element(
        "tr",
        element("th", label, *small, scope="row"),
        element("td", _line(row, threshold, maximum, state), class_="o-dots-picture"),
        element("td", *_value(row, threshold), class_="o-dots-value"),
        class_=f"o-dots-row o-dots-{state}",
    )


def _line(row: Row, threshold: float | None, maximum: float, state: str) -> SafeString:
    pieces: list[SafeString | None] = [element("title", _said(row, threshold, state))]
    pieces.append(element("line", x1="0", x2="100%", y1=MIDDLE, y2=MIDDLE, class_="o-dots-rail"))
    if row.low_bound is not None and row.high_bound is not None:
        ends = {"x1": along(row.low_bound, maximum), "x2": along(row.high_bound, maximum)}
        pieces.append(element("line", **ends, y1=MIDDLE, y2=MIDDLE, class_="o-dots-interval"))
    if threshold is not None:
        place = along(threshold, maximum)
        pieces.append(element("line", x1=place, x2=place, y1=0, y2="100%", class_="o-dots-threshold"))
    if row.share is not None:
        pieces.append(element("circle", cx=along(row.share, maximum), cy=MIDDLE, r=5.5, class_="o-dots-dot"))
    return element("svg", *pieces, role="img", width="100%", height="100%", class_="o-dots-line")


def _value(row: Row, threshold: float | None) -> list[SafeString]:
    if row.share is None:
        return [element("span", _("нет данных"), class_="o-dots-share")]
    pieces = [element("span", _share(row, threshold), class_="o-dots-share")]
    if row.low_bound is not None and row.high_bound is not None:
        pieces.append(element("span", interval(row.low_bound, row.high_bound), class_="o-dots-note"))
    return pieces


def _share(row: Row, threshold: float | None) -> str:
    if row.takers and row.low is not None:
        return share_as_percent(row.low, row.takers, threshold)
    return share_beside(row.share or 0, threshold)


def _said(row: Row, threshold: float | None, state: str) -> str:
    """Say the row in one sentence for those who do not see it."""
    verdict = {
        "failed": _("неуспешный"),
        "passed": _("успешный"),
        "excluded": _("не учтён"),
        "none": _("нет данных"),
    }[state]
    parts = [f"{row.label}: {verdict}"]
    if row.share is not None:
        parts.append(_share(row, threshold))
    if row.low_bound is not None and row.high_bound is not None:
        parts.append(_("интервал {interval}").format(interval=interval(row.low_bound, row.high_bound)))
    if threshold is not None:
        parts.append(_("порог {threshold}").format(threshold=share(threshold)))
    return "; ".join(parts)


def _threshold_name(picture: DotPlot, maximum: float) -> SafeString | None:
    if picture.threshold is None:
        return None
    name = picture.threshold_name or _("порог {threshold}").format(threshold=share(picture.threshold))
    place = along(picture.threshold, maximum)
    is_right = picture.threshold / maximum > 0.6
    words = element(
        "text",
        name,
        x=place,
        y=13,
        dx=-6 if is_right else 6,
        text_anchor="end" if is_right else "start",
        class_="o-dots-threshold-name",
    )
    mark = element("line", x1=place, x2=place, y1=0, y2="100%", class_="o-dots-threshold")
    return element("svg", words, mark, width="100%", height=20, class_="o-dots-line")


def _axis(maximum: float) -> SafeString:
    marks = []
    count = round(maximum * 5)
    for step in range(count + 1):
        anchor = "start" if step == 0 else "end" if step == count else "middle"
        at = {"x": along(step / 5, maximum), "y": 14, "text_anchor": anchor}
        marks.append(element("text", share(step / 5), **at, class_="o-axis-mark"))
    return element("svg", *marks, width="100%", height=18, class_="o-dots-line")


def _key(rows: Sequence[Row]) -> SafeString:
    """Say in words what the marks mean, only those that are there."""
    words = [_("Точка — доля, полоса — интервал.")]
    if any(row.is_failed and not row.excluded for row in rows):
        words.append(_("Закрашена — показатель неуспешный."))
    if any(row.excluded for row in rows):
        words.append(_("Пунктир — показатель не учтён."))
    return element("p", " ".join(words), class_="o-note")
