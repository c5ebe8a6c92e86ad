"""Draws a map of equal tiles, a territory each, shaded by a value; «нет данных» is hatched, never white."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from opora.language import _
from opora.ui.numbers import share
from opora.ui.pictures.scale import ALONE, STEPS, even_breaks, step_of
from opora.ui.pictures.svg import element, joined, name_of

PITCH = 40
TILE = 36


@dataclass(frozen=True)
class Tile:
    """One territory: its place on the grid, its name, the value that shades it and how the value is said."""

    column: int
    row: int
    label: str
    name: str
    value: float | None = None
    shown: str = ""
    href: str | None = None
    is_current: bool = False


@dataclass(frozen=True)
class TileMap:
    """A map with the words around it.

    ``breaks`` are the four inner borders of the five steps; without them the range of the values is divided
    evenly. ``value_name`` heads the column of the table behind the map; ``say`` writes a value that a tile
    does not say itself, and the ends of the scale.
    """

    title: str
    tiles: Sequence[Tile]
    value_name: str = ""
    description: str = ""
    breaks: Sequence[float] | None = None
    territory_name: str = ""
    say: Callable[[float], str] = share


def tile_map(picture: TileMap) -> SafeString:
    """Draw the map with its legend and, behind it, the same numbers as a table."""
    if not picture.tiles:
        return element("p", _("Территорий пока нет."), class_="o-picture-empty")
    breaks = picture.breaks
    if breaks is None:
        breaks = even_breaks(tile.value for tile in picture.tiles)
    return element(
        "div",
        _drawing(picture, breaks),
        _legend(picture, breaks),
        _table(picture),
        class_="o-picture o-tile-map",
    )


def _drawing(picture: TileMap, breaks: Sequence[float]) -> SafeString:
    name = name_of(picture.title, *(tile.name for tile in picture.tiles))
    left = min(tile.column for tile in picture.tiles) * PITCH
    top = min(tile.row for tile in picture.tiles) * PITCH
    width = (max(tile.column for tile in picture.tiles) + 1) * PITCH - left
    height = (max(tile.row for tile in picture.tiles) + 1) * PITCH - top
    in_reading_order = sorted(picture.tiles, key=lambda tile: (tile.row, tile.column))
    return element(
        "svg",
        element("title", picture.title, id=f"{name}-title"),
        element("desc", picture.description or _description(picture), id=f"{name}-desc"),
        element("defs", _hatch(f"{name}-hatch")),
        *(_tile(tile, picture, step_of(tile.value, breaks), f"{name}-hatch") for tile in in_reading_order),
        view_box=f"{left - 2} {top - 2} {width} {height}",
        role="group",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        class_="o-tile-map-drawing",
    )


def _description(picture: TileMap) -> str:
    known = [tile for tile in picture.tiles if tile.value is not None]
    missing = len(picture.tiles) - len(known)
    if not known:
        return _("Данных нет ни по одной территории.")
    highest = max(known, key=lambda tile: tile.value or 0)
    lowest = min(known, key=lambda tile: tile.value or 0)
    said = _("Больше всего: {highest}; меньше всего: {lowest}.").format(
        highest=_said(highest, picture), lowest=_said(lowest, picture)
    )
    return f"{said} " + _("Нет данных: {count}.").format(count=missing) if missing else said


def _tile(tile: Tile, picture: TileMap, step: int | None, hatch: str) -> SafeString:
    x, y = tile.column * PITCH, tile.row * PITCH
    box = {"x": x, "y": y, "width": TILE, "height": TILE, "rx": 4}
    shade = "o-tile-none" if step is None else f"o-scale-{step}"
    said = _said(tile, picture)
    pieces = [
        element("title", said),
        element("rect", **box, class_=f"o-tile {shade}"),
        None if step else element("rect", **box, class_="o-tile-hatch", fill=f"url(#{hatch})"),
        element("text", tile.label, x=x + TILE // 2, y=y + 23, text_anchor="middle", class_="o-tile-label"),
    ]
    current = " o-tile-current" if tile.is_current else ""
    if not tile.href:
        return element("g", *pieces, role="img", aria_label=said, class_=f"o-tile-place{current}")
    named = {"aria_label": said, "aria_current": "true" if tile.is_current else None}
    return element("a", *pieces, href=tile.href, **named, class_=f"o-tile-link{current}")


def _value(tile: Tile, picture: TileMap) -> str:
    if tile.value is None:
        return _("нет данных")
    return tile.shown or picture.say(tile.value)


def _said(tile: Tile, picture: TileMap) -> str:
    return f"{tile.name}: {_value(tile, picture)}"


def _hatch(name: str) -> SafeString:
    line = element("path", d="M-2 2 L2 -2 M0 8 L8 0 M6 10 L10 6", class_="o-hatch-line")
    return element("pattern", line, id=name, width=8, height=8, patternUnits="userSpaceOnUse")


def _legend(picture: TileMap, breaks: Sequence[float]) -> SafeString:
    """Name the ends of the scale in words of the values themselves."""
    tiles = picture.tiles
    known = sorted(tile.value for tile in tiles if tile.value is not None)
    name = name_of("legend", picture.title, *(tile.name for tile in tiles))
    pieces: list[SafeString] = []
    if known:
        steps = [
            element("rect", x=place * 22, y=0, width=22, height=14, class_=f"o-scale-{step}")
            for place, step in enumerate(range(1, STEPS + 1) if breaks else [ALONE])
        ]
        pieces += [
            element("span", picture.say(known[0])),
            element("svg", *steps, width=22 * len(steps), height=14, aria_hidden="true"),
            element("span", picture.say(known[-1]) if breaks else ""),
        ]
    if len(known) < len(tiles):
        box = {"x": 0.5, "y": 0.5, "width": 21, "height": 13}
        swatch = element(
            "svg",
            element("defs", _hatch(f"{name}-hatch")),
            element("rect", **box, class_="o-tile o-tile-none"),
            element("rect", **box, fill=f"url(#{name}-hatch)"),
            width=22,
            height=14,
            aria_hidden="true",
        )
        pieces.append(element("span", swatch, _("нет данных"), class_="o-legend-none"))
    return element("p", *pieces, class_="o-legend")


def _table(picture: TileMap) -> SafeString:
    ordered = sorted(picture.tiles, key=lambda tile: (tile.value is None, -(tile.value or 0), tile.name))
    rows = joined(
        element(
            "tr",
            element("th", element("a", tile.name, href=tile.href) if tile.href else tile.name, scope="row"),
            element("td", _value(tile, picture)),
        )
        for tile in ordered
    )
    heads = element(
        "tr",
        element("th", picture.territory_name or _("Территория"), scope="col"),
        element("th", picture.value_name or _("Значение"), scope="col"),
    )
    table = element(
        "table",
        element("caption", picture.title, class_="visually-hidden"),
        element("thead", heads),
        element("tbody", rows),
        class_="o-plain-table",
    )
    return element("details", element("summary", _("То же таблицей")), table, class_="o-behind")
