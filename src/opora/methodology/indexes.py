"""Reads the points-and-zones indexes of an edition."""

from collections.abc import Mapping
from decimal import Decimal

from opora.language import _
from opora.methodology.marked import Node, texts, unknown
from opora.methodology.parameters import STATUSES, Source
from opora.methodology.rule import Criterion, Index, Range, Vocabulary, Where, Zone


def read_index(name: str, node: Node, names: Vocabulary, sources: Mapping[str, Source]) -> Index:
    parts = node.mapping(
        ["title", "criteria", "result", "missing", "zones", "source", "status"],
        ["minimum", "variants", "clause"],
    )
    variants: list[tuple[Where, tuple[Zone, ...]]] = []
    if "variants" in parts:
        for piece in parts["variants"].items():
            own = piece.mapping(["where", "zones"])
            where = tuple((key, texts(own["where"].pairs(), key)) for key in own["where"].pairs())
            variants.append((where, _zones(own["zones"], names)))
    variants.append(((), _zones(parts["zones"], names)))
    criteria = tuple(_criterion(piece, names) for piece in parts["criteria"].items())
    if not criteria:
        parts["criteria"].refuse(_("здесь нужен хотя бы один критерий"))
    return Index(
        name=name,
        title=parts["title"].words(),
        criteria=criteria,
        result=parts["result"].choice(("points", "percent")),
        missing=parts["missing"].choice(("skip", "zero", "none")),
        minimum=names.parameter(parts["minimum"], "components") if "minimum" in parts else "",
        variants=tuple(variants),
        source=parts["source"].choice(sources),
        clause=parts["clause"].text() if "clause" in parts else "",
        status=parts["status"].choice(STATUSES),
    )


def _criterion(node: Node, names: Vocabulary) -> Criterion:
    parts = node.mapping(["measure"], ["points", "ranges", "maximum"])
    measure = parts["measure"].text()
    if measure not in names.measures:
        parts["measure"].refuse(unknown(measure, names.measures, _("нет меры «{name}»")))
    if names.measures[measure].of == "letter":
        parts["measure"].refuse(_("баллы начисляются за число, а эта мера — буква"))
    if ("ranges" in parts) == ("points" in parts):
        node.refuse(_("критерию нужно одно из двух: points: value или ranges"))
    if "points" in parts:
        parts["points"].choice(("value",))
        if "maximum" not in parts:
            node.refuse(_("критерию с points: value нужен maximum"))
        return Criterion(measure, (), parts["maximum"].decimal())
    ranges = tuple(_range(piece) for piece in parts["ranges"].items())
    highest = max((r.points for r in ranges), default=Decimal(0))
    return Criterion(measure, ranges, parts["maximum"].decimal() if "maximum" in parts else highest)


def _range(node: Node) -> Range:
    parts = node.mapping(["points"], ["above", "at least", "below", "at most", "equal"])
    if "equal" in parts:
        bound = parts["equal"].decimal()
        return Range(bound, "at least", bound, "at most", parts["points"].decimal())
    low = next((key for key in ("above", "at least") if key in parts), "")
    high = next((key for key in ("below", "at most") if key in parts), "")
    found = Range(
        parts[low].decimal() if low else None,
        low,
        parts[high].decimal() if high else None,
        high,
        parts["points"].decimal(),
    )
    if found.low is not None and found.high is not None and found.low > found.high:
        node.refuse(_("нижняя граница выше верхней"))
    return found


def _zones(node: Node, names: Vocabulary) -> tuple[Zone, ...]:
    """Read zones from the best to the worst; the last one holds all the rest and has no threshold."""
    zones = []
    for piece in node.items():
        parts = piece.mapping(["zone", "title"], ["at"])
        at = names.parameter(parts["at"], "points", "percent") if "at" in parts else ""
        zones.append(Zone(parts["zone"].name(), parts["title"].words(), at))
    if not zones or zones[-1].at or not all(zone.at for zone in zones[:-1]):
        node.refuse(_("порог (at) есть у всех зон, кроме последней: в неё попадают остальные"))
    return tuple(zones)
