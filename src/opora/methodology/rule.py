"""The rule of a list as data: a small tree of conditions, and the measures and indexes that it speaks of."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from opora.language import _
from opora.methodology.marked import Node, Words, texts, unknown
from opora.methodology.parameters import Parameter
from opora.methodology.shares import ROUNDINGS
from opora.methodology.tables import OUTCOME_KEY

PROCESS = ("assessment", "subject", "grade", "category")  # what makes an indicator «the same» in another year
KINDS = ("low results", "value", "letter")
TIES = ("all", "none", "strict")
WHERE = {
    "low results": tuple(k for k in OUTCOME_KEY if k != "year"),
    "value": ("indicator", "category"),
    "letter": ("indicator", "category"),
}
Where = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Measure:
    """What is looked at: the share of low results of each outcome, or an indicator; failed by a threshold."""

    name: str
    of: str
    title: Words
    where: Where
    threshold: str = ""  # a parameter
    minimum: str = ""  # a parameter: fewest takers of an outcome that is counted
    better: str = "high"  # for rankings of values
    order: tuple[str, ...] = ()  # letters from worst to best
    called: Words | None = None  # what an outcome past the threshold is called, if not «неуспешный»


@dataclass(frozen=True)
class Condition:
    """One node of a rule; its path is made of the ids on the way to it."""

    path: str
    label: Words | None


@dataclass(frozen=True)
class AllOf(Condition):
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf(Condition):
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not(Condition):
    part: Condition


@dataclass(frozen=True)
class Failed(Condition):
    """A count of failed indicators: over the years together, or in each of so many of them."""

    measures: tuple[str, ...]
    count: str
    in_years: str  # "" pools the years; "every" or a parameter counts the years in which the count is met
    last: str  # a parameter: only the last n years of the window; "" for all of it


@dataclass(frozen=True)
class Same(Condition):
    """The same indicator failed in each (or so many) of several years."""

    measures: tuple[str, ...]
    count: str  # how many such indicators; "" for one
    in_years: str  # "every" or a parameter
    last: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Counted(Condition):
    """A count of indicators that could be judged at all."""

    measures: tuple[str, ...]
    count: str
    last: str


@dataclass(frozen=True)
class Rank(Condition):
    """The worst or best percent of a group, or a quarter of a cluster (1 is the worst)."""

    kind: str  # worst, best, quarter
    measure: str
    number: str
    within: tuple[str, ...]
    ties: str
    rounding: str
    last: str


@dataclass(frozen=True)
class InZone(Condition):
    """The school's index lies in one of the zones."""

    index: str
    zones: tuple[str, ...]
    in_years: str  # "" looks at the last year only
    last: str


@dataclass(frozen=True)
class Range:
    """Points for a value between two bounds."""

    low: Decimal | None
    low_comparison: str
    high: Decimal | None
    high_comparison: str
    points: Decimal


@dataclass(frozen=True)
class Criterion:
    measure: str
    ranges: tuple[Range, ...]  # empty: the value itself is the points
    maximum: Decimal


@dataclass(frozen=True)
class Zone:
    name: str
    title: Words
    at: str  # a parameter: fewest points; "" for the zone of all the rest


@dataclass(frozen=True)
class Index:
    """A points-and-zones index: criteria give points, their sum or percent falls into a zone."""

    name: str
    title: Words
    criteria: tuple[Criterion, ...]
    result: str  # points, percent
    missing: str  # skip, zero, none
    minimum: str  # a parameter: fewest criteria with a value; "" for one
    variants: tuple[
        tuple[Where, tuple[Zone, ...]], ...
    ]  # zones by attributes of the school; the last is for all
    source: str
    clause: str
    status: str


def walk(condition: Condition) -> Iterator[Condition]:
    """Give a condition and everything below it."""
    yield condition
    for part in getattr(condition, "parts", ()):
        yield from walk(part)
    if isinstance(condition, Not):
        yield from walk(condition.part)


def measures_of(condition: Condition, indexes: Mapping[str, Index]) -> tuple[str, ...]:
    """Name every measure that a rule looks at, in order."""
    found: dict[str, None] = {}
    for leaf in walk(condition):
        if isinstance(leaf, Failed | Same | Counted):
            found.update(dict.fromkeys(leaf.measures))
        elif isinstance(leaf, Rank):
            found[leaf.measure] = None
        elif isinstance(leaf, InZone):
            found.update((c.measure, None) for c in indexes[leaf.index].criteria)
    return tuple(found)


@dataclass(frozen=True)
class Vocabulary:
    """The names that the conditions of one edition may use."""

    parameters: Mapping[str, Parameter]
    measures: Mapping[str, Measure]
    indexes: Mapping[str, Index]

    def parameter(self, node: Node, *units: str, compared: bool = False) -> str:
        """Give the name of a parameter of the right unit."""
        name = node.choice(self.parameters) if node.text() in self.parameters else self._no(node)
        parameter = self.parameters[name]
        if parameter.unit not in units:
            message = _("параметр «{name}» измеряется в «{unit}», а здесь нужно: {units}")
            node.refuse(message.format(name=name, unit=parameter.unit, units=", ".join(units)))
        if compared and not all(v.comparison for v in parameter.values):
            node.refuse(_("у значений параметра «{name}» нет сравнения (comparison)").format(name=name))
        return name

    def _no(self, node: Node) -> str:
        node.refuse(unknown(node.text(), self.parameters, _("нет параметра «{name}»")))


def read_measure(name: str, node: Node, parameters: Mapping[str, Parameter]) -> Measure:
    parts = node.mapping(["of", "title"], ["where", "threshold", "minimum", "better", "order", "called"])
    of = parts["of"].choice(KINDS)
    names = Vocabulary(parameters, {}, {})
    order = texts(parts, "order")
    if (of == "letter") != bool(order):
        node.refuse(_("порядок букв (order) нужен мере «letter» и только ей"))
    threshold = ""
    if "threshold" in parts:
        unit = {"low results": ("share",), "value": ("number", "percent", "points"), "letter": ("letter",)}[
            of
        ]
        threshold = names.parameter(parts["threshold"], *unit, compared=True)
        values = [v.value for v in parameters[threshold].values]
        if of == "letter" and not set(values) <= set(order):
            parts["threshold"].refuse(_("порог не входит в порядок букв (order)"))
    if "minimum" in parts and of != "low results":
        parts["minimum"].refuse(_("наименьшее число участников есть только у меры «low results»"))
    return Measure(
        name=name,
        of=of,
        title=parts["title"].words(),
        where=_where(parts, of),
        threshold=threshold,
        minimum=names.parameter(parts["minimum"], "pupils") if "minimum" in parts else "",
        better=parts["better"].choice(("high", "low")) if "better" in parts else "high",
        order=order,
        called=parts["called"].words() if "called" in parts else None,
    )


def _where(parts: Mapping[str, Node], of: str) -> Where:
    """Read which outcomes or indicators a measure takes; everybody's («all») unless categories are named."""
    found = {}
    if "where" in parts:
        allowed = parts["where"].mapping(optional=WHERE[of])
        found = {key: texts(allowed, key) for key in allowed}
        for key in ("grade", "grade_programme"):
            if key in allowed:
                for item in allowed[key].items() if allowed[key].is_list() else [allowed[key]]:
                    item.integer()
    if of != "low results" and len(found.get("indicator", ())) == 0:
        (parts["where"] if "where" in parts else parts["of"]).refuse(
            _("мере «{of}» нужен показатель: where: {{indicator: …}}").format(of=of)
        )
    found.setdefault("category", ("all",))
    return tuple(sorted(found.items()))


Maker = Callable[[dict[str, Node], "Vocabulary", str, Words | None], Condition]


def read_condition(node: Node, names: Vocabulary, path: str) -> Condition:
    """Read one node of a rule: exactly one of its kinds, with the options of that kind."""
    keys = node.pairs()
    kinds = [kind for kind in READERS if kind in keys]
    if len(kinds) != 1:
        found = unknown(next(iter(keys), ""), READERS, _("условие начинается с неизвестного ключа «{name}»"))
        node.refuse(found if not kinds else _("в одном условии два: {kinds}").format(kinds=", ".join(kinds)))
    required, optional, make = READERS[kinds[0]]
    parts = node.mapping((kinds[0], *required), ("id", "label", *optional))
    label = parts["label"].words() if "label" in parts else None
    return make(parts, names, path, label)


def _below(nodes: Iterable[Node], names: Vocabulary, path: str) -> tuple[Condition, ...]:
    children = []
    seen: set[str] = set()
    for i, node in enumerate(nodes, 1):
        pairs = node.pairs()
        own = pairs["id"].name() if "id" in pairs else str(i)
        if own in seen:
            pairs["id"].refuse(_("id «{name}» повторяется").format(name=own))
        seen.add(own)
        children.append(read_condition(node, names, f"{path}.{own}"))
    return tuple(children)


def _several(kind: type[AllOf] | type[AnyOf], key: str) -> Maker:
    def make(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
        if not parts[key].items():
            parts[key].refuse(_("здесь нужно хотя бы одно условие"))
        return kind(path, label, _below(parts[key].items(), names, path))

    return make


def _not(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
    return Not(path, label, _below([parts["not"]], names, path)[0])


def _named_measures(
    parts: dict[str, Node], key: str, names: Vocabulary, threshold: bool = True
) -> tuple[str, ...]:
    nodes = parts[key].items() if parts[key].is_list() else [parts[key]]
    for node in nodes:
        name = node.text()
        if name not in names.measures:
            node.refuse(unknown(name, names.measures, _("нет меры «{name}»")))
        if threshold and not names.measures[name].threshold:
            node.refuse(_("у меры «{name}» нет порога (threshold)").format(name=name))
    if not nodes:
        parts[key].refuse(_("здесь нужна хотя бы одна мера"))
    return tuple(dict.fromkeys(node.text() for node in nodes))


def _years(parts: dict[str, Node], key: str, names: Vocabulary, absent: str = "") -> str:
    if key not in parts:
        return absent
    if parts[key].text() == "every" and key == "in_years":
        return "every"
    return names.parameter(parts[key], "years")


def _failed(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
    count = names.parameter(parts["count"], "indicators", compared=True)
    measures = _named_measures(parts, "failed", names)
    return Failed(
        path, label, measures, count, _years(parts, "in_years", names), _years(parts, "last", names)
    )


def _same(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
    measures = _named_measures(parts, "same", names)
    count = names.parameter(parts["count"], "indicators", compared=True) if "count" in parts else ""
    by = texts(parts, "by") or PROCESS
    for key in by:
        if key not in (allowed := [k for k in OUTCOME_KEY if k != "year"]):
            parts["by"].refuse(unknown(key, allowed, _("нет столбца «{name}»")))
    in_years, last = _years(parts, "in_years", names, "every"), _years(parts, "last", names)
    return Same(path, label, measures, count, in_years, last, by)


def _counted(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
    count = names.parameter(parts["count"], "indicators", compared=True)
    measures = _named_measures(parts, "counted", names, threshold=False)
    return Counted(path, label, measures, count, _years(parts, "last", names))


def _rank(kind: str) -> Maker:
    def make(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
        (measure,) = _named_measures(parts, kind, names, threshold=False)[:1]
        if names.measures[measure].of == "letter":
            parts[kind].refuse(_("по буквам места не распределяются"))
        number = parts["number"] if kind == "quarter" else parts["percent"]
        return Rank(
            path,
            label,
            kind,
            measure,
            names.parameter(number, "quarter" if kind == "quarter" else "percent"),
            texts(parts, "within"),
            parts["ties"].choice(TIES),
            parts["places"].choice(ROUNDINGS) if "places" in parts else "half up",
            _years(parts, "last", names),
        )

    return make


def _zone(parts: dict[str, Node], names: Vocabulary, path: str, label: Words | None) -> Condition:
    name = parts["index"].text()
    if name not in names.indexes:
        parts["index"].refuse(unknown(name, names.indexes, _("нет индекса «{name}»")))
    known = [zone.name for _where, zones in names.indexes[name].variants for zone in zones]
    zones = texts(parts, "in")
    for zone in zones:
        if zone not in known:
            parts["in"].refuse(unknown(zone, dict.fromkeys(known), _("нет зоны «{name}»")))
    return InZone(path, label, name, zones, _years(parts, "in_years", names), _years(parts, "last", names))


# kind → (required options, optional options, reader)
READERS: dict[str, tuple[tuple[str, ...], tuple[str, ...], Maker]] = {
    "all": ((), (), _several(AllOf, "all")),
    "any": ((), (), _several(AnyOf, "any")),
    "not": ((), (), _not),
    "failed": (("count",), ("in_years", "last"), _failed),
    "same": ((), ("count", "in_years", "last", "by"), _same),
    "counted": (("count",), ("last",), _counted),
    "worst": (("percent", "ties"), ("within", "places", "last"), _rank("worst")),
    "best": (("percent", "ties"), ("within", "places", "last"), _rank("best")),
    "quarter": (("number", "ties"), ("within", "last"), _rank("quarter")),
    "index": (("in",), ("in_years", "last"), _zone),
}
