"""Reads an edition of the risk profile from YAML; every fault of the file is told in one pass, with its line.

A number of the edition may be written in three ways: ``answered: 0.6`` (status and source of the edition),
``answered: {value: 0.6, source: opora, status: Opora default}``, or in full with dated ``values`` as in the
files of parameters. A number that is not given is the shipped one.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from opora.language import _
from opora.methodology.fault_reader import EditionRefused, FaultReader
from opora.methodology.marked import EditionError, Node, Words, read, unknown
from opora.methodology.parameters import (
    STATUSES,
    Parameter,
    Source,
    read_parameters,
    read_sources,
    shipped_parameters,
    shipped_sources,
    standing,
)
from opora.methodology.risk_profile.edition import (
    AUDIENCES,
    FACTS,
    LEVELS,
    Factor,
    Indicator,
    Origin,
    ProfileEdition,
)
from opora.methodology.risk_profile.factor_lists import factor_lists

FOLDER = Path(__file__).parent.joinpath("editions")
NOTHING = Words("")
BOUNDS = {  # narrower than those of the unit
    "answered": ("0.01", "1"),
    "smallest_group": ("1", "1000"),
    "high": ("0", "100"),
    "middle": ("0", "100"),
    "interval_level": ("0.5", "0.99"),
    "draws": ("100", "100000"),
    "least_risks": ("0", "10"),
}


def shipped_editions() -> tuple[str, ...]:
    """Name the editions of the risk profile that come with Opora."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_edition(name: str) -> ProfileEdition:
    """Load a shipped edition by its name; it is read once.

    Raises: ``EditionRefused``.
    """
    if name not in shipped_editions():
        raise EditionRefused([unknown(name, shipped_editions(), _("нет редакции «{name}»"))])
    path = FOLDER.joinpath(f"{name}.yaml")
    return read_edition(path.read_text(encoding="utf-8"), path.name)


def read_edition(text: str, where: str) -> ProfileEdition:
    """Read an edition from its text; ``where`` is how its file is called in complaints.

    Raises: ``EditionRefused``, with all faults.
    """
    reader = _Reader()
    root = reader.attempt(lambda: read(text, where))
    edition = reader.edition(root, text) if root else None
    if reader.faults or edition is None:
        raise EditionRefused(reader.faults)
    return edition


class _Reader(FaultReader):
    """Reads an edition piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: Mapping[str, Source] = shipped_sources()

    def edition(self, root: Node, text: str) -> ProfileEdition | None:
        """Read the whole."""
        given = self.keys(
            root, ("name", "title", "status", "source", "levels", "factors"), ("numbers", "sources")
        )
        self.sources = {**self.sources, **self.told(given, "sources", read_sources, {})}
        status = self.told(given, "status", lambda node: node.choice(STATUSES), STATUSES[-1])
        source = self.told(given, "source", lambda node: node.choice(self.sources), "opora")
        numbers = self.numbers(given, status, source)
        nodes = self.each(given, "factors")
        factors = [factor for node in nodes if (factor := self.factor(node))]
        self.once(nodes, [factor.name for factor in factors], _("фактор «{name}» уже есть"))
        self.listed_once(given, factors)
        return ProfileEdition(
            name=self.told(given, "name", Node.name, ""),
            title=self.told(given, "title", Node.words, NOTHING),
            status=status,
            source=source,
            levels=self.told(given, "levels", lambda node: node.choice(LEVELS), LEVELS[0]),
            numbers=numbers,
            factors=tuple(factors),
            sources=self.sources,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )

    def numbers(self, given: Mapping[str, Node], status: str, source: str) -> dict[str, Parameter]:
        """Read the edition's own numbers over the shipped ones."""
        found = dict(shipped_parameters("risk_profile"))
        nothing: dict[str, Node] = {}
        for name, node in self.told(given, "numbers", Node.pairs, nothing).items():
            if name not in found:
                self.wrong(node, unknown(name, found, _("нет числа «{name}»")))
                continue
            own = self.attempt(lambda n=name, at=node: self.number(n, at, status, source))  # type: ignore[misc]
            found[name] = own or found[name]
        values = {name: parameter.values[-1].number for name, parameter in found.items()}
        for low, high in (("middle", "high"), ("middle_quantile", "high_quantile")):
            if values[low] >= values[high]:
                place = given.get("numbers")
                if place:
                    self.wrong(place, _("{low} должно быть меньше {high}").format(low=low, high=high))
        return found

    def number(self, name: str, node: Node, status: str, source: str) -> Parameter:
        """Read one number, short or in full."""
        shipped = shipped_parameters("risk_profile")[name]
        if node.is_mapping() and "values" in node.pairs():
            key = yaml.ScalarNode("tag:yaml.org,2002:str", name, node.node.start_mark)
            whole = Node(yaml.MappingNode("tag:yaml.org,2002:map", [(key, node.node)]), node.where)
            own = read_parameters(whole, self.sources)[name]
            if own.unit != shipped.unit:
                node.refuse(_("у числа {name} единица {unit}").format(name=name, unit=shipped.unit))
            for one in own.values:
                _bounded(name, one.number, node)
            return own
        optional = ("source", "status", "meaning", "unit", "clause")
        given = node.mapping(["value"], optional) if node.is_mapping() else {"value": node}
        before = standing("risk_profile", name)
        try:
            value = shipped.changed(before, given["value"].decimal())
        except EditionError as wrong:
            given["value"].refuse(str(wrong))
        _bounded(name, value.number, given["value"])
        if "unit" in given:
            given["unit"].choice([shipped.unit])
        own_value = replace(
            value,
            status=given["status"].choice(STATUSES) if "status" in given else status,
            source=given["source"].choice(self.sources) if "source" in given else source,
            clause=given["clause"].text() if "clause" in given else "",
        )
        meaning = given["meaning"].words() if "meaning" in given else shipped.meaning
        return replace(shipped, meaning=meaning, values=(own_value,))

    def factor(self, node: Node) -> Factor | None:
        """Read a factor."""
        given = self.keys(node, ("name", "title", "indicators"), ("edition_factor",))
        nodes = self.each(given, "indicators")
        indicators = [one for piece in nodes if (one := self.indicator(piece))]
        self.once(nodes, [one.name for one in indicators], _("показатель «{name}» у фактора уже есть"))
        name = self.told(given, "name", Node.name, "")
        title = self.told(given, "title", Node.words, NOTHING)
        numbers = self.in_lists(given["edition_factor"]) if "edition_factor" in given else {}
        return Factor(name, title, numbers, tuple(indicators)) if given else None

    def in_lists(self, node: Node) -> dict[int, int]:
        """Read the number of a factor in the federal lists, by year."""
        lists, found = factor_lists().lists, {}
        for year, place in (self.attempt(node.pairs) or {}).items():
            if not year.isdigit() or int(year) not in lists:
                years = ", ".join(str(known) for known in lists)
                self.wrong(
                    place, _("нет перечня факторов за «{year}»; есть: {years}").format(year=year, years=years)
                )
                continue
            number = self.attempt(place.integer)
            if number is not None and number not in lists[int(year)]:
                most = max(lists[int(year)])
                self.wrong(place, _("номер фактора — от 1 до {most}").format(most=most))
            elif number is not None:
                found[int(year)] = number
        return found

    def listed_once(self, given: Mapping[str, Node], factors: list[Factor]) -> None:
        """Remember two factors that claim one number of a list."""
        seen: dict[tuple[int, int], str] = {}
        for factor in factors:
            for year, number in factor.numbers.items():
                first = seen.setdefault((year, number), factor.name)
                if first != factor.name:
                    message = _("факторы «{first}» и «{second}» — один и тот же номер {number} в {year} году")
                    self.wrong(
                        given["factors"],
                        message.format(first=first, second=factor.name, number=number, year=year),
                    )

    def indicator(self, node: Node) -> Indicator | None:
        """Read an indicator."""
        given = self.keys(node, ("name", "title", "sources"), ("weight", "group_weights"))
        nodes = self.each(given, "sources")
        origins = [origin for piece in nodes if (origin := self.origin(piece))]
        self.once(
            nodes, [f"{one.of}: {one.item}" for one in origins], _("источник «{name}» у показателя уже есть")
        )
        groups = tuple(dict.fromkeys(origin.of for origin in origins))
        weights = {}
        nothing: dict[str, Node] = {}
        for group, place in self.told(given, "group_weights", Node.pairs, nothing).items():
            if group not in groups:
                self.wrong(place, unknown(group, groups, _("о показателе не говорит «{name}»")))
            weights[group] = self.attempt(lambda at=place: _weight(at)) or 1.0  # type: ignore[misc]
        return Indicator(
            name=self.told(given, "name", Node.name, ""),
            title=self.told(given, "title", Node.words, NOTHING),
            weight=self.told(given, "weight", _weight, 1.0),
            origins=tuple(origins),
            group_weights={group: weights.get(group, 1.0) for group in groups},
        )

    def origin(self, node: Node) -> Origin | None:
        """Read what gives an indicator its points."""
        given = self.keys(node, (), ("audience", "item", *FACTS, "from", "to", "risk", "dont_know"))
        kinds = [key for key in ("audience", *FACTS) if key in given]
        if len(kinds) != 1:
            self.wrong(node, _("источнику нужно одно из трёх: audience, context или results"))
            return None
        asked = kinds[0] == "audience"
        if asked != ("item" in given):
            self.wrong(node, _("item нужен вопросу (audience), и только ему"))
            return None
        of = self.told(given, "audience", lambda at: at.choice(AUDIENCES), "") if asked else kinds[0]
        item = self.attempt(lambda: _field(given["item" if asked else kinds[0]])) or ""
        risk = self.risk(given["risk"]) if "risk" in given else None
        if not asked and (risk is not None or "dont_know" in given):
            self.wrong(node, _("risk и dont_know бывают у вопроса, у известного числа — from и to"))
        none, full = (self.told(given, key, _number, None) for key in ("from", "to"))
        if (risk is None) != ("from" in given and "to" in given) or (risk and {"from", "to"} & set(given)):
            self.wrong(node, _("источнику нужно либо from и to, либо risk"))
        elif risk is None and none is not None and none == full:
            self.wrong(node, _("from и to должны различаться: иначе ответы ничего не говорят"))
        unsure = self.told(given, "dont_know", _points, None)
        return Origin(of, item, none or 0.0, 1.0 if full is None else full, risk, unsure)

    def risk(self, node: Node) -> dict[str, float]:
        """Read the points of the options of a choice."""
        found = {}
        for option, place in (self.attempt(node.pairs) or {}).items():
            points = self.attempt(lambda at=place: _points(at))  # type: ignore[misc]
            if points is not None:
                found[option] = points
        if len(found) < 2:
            self.wrong(node, _("в risk нужно хотя бы два ответа"))
        return found


def _bounded(name: str, value: Decimal, node: Node) -> None:
    """Refuse a value that nothing could be counted with."""
    lowest, highest = BOUNDS.get(name, ("-Infinity", "Infinity"))
    if not Decimal(lowest) <= value <= Decimal(highest):
        message = _("число {name}: от {lowest} до {highest}")
        node.refuse(message.format(name=name, lowest=lowest, highest=highest))


def _weight(node: Node) -> float:
    weight = node.decimal()
    if weight <= 0:
        node.refuse(_("вес должен быть больше нуля"))
    return float(weight)


def _points(node: Node) -> float:
    points = node.decimal()
    if not 0 <= points <= 100:
        node.refuse(_("баллы риска — от 0 до 100"))
    return float(points)


def _number(node: Node) -> float:
    return float(node.decimal())


def _field(node: Node) -> str:
    """Read the name of an item, of a row of a matrix (``item.row``), of an option of many, or of a number."""
    found = node.text()
    if not all(part and all(c.isalnum() or c in "_-" for c in part) for part in found.split(".")):
        node.refuse(
            _("имя «{name}»: допустимы буквы, цифры, «_», «-» и точка между частями").format(name=found)
        )
    return found
