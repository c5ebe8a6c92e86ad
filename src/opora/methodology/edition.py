"""Editions of the methodology (редакции методики): a rule with its numbers, sources and what is not known.

An edition is a YAML file: shipped ones lie in ``editions/``, a region writes its own. It is read once,
checked whole, and never changed: every number in it is a parameter with dated values, and every condition of
its rule names parameters, so nothing in the code knows what «thirty percent» is.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from opora.language import _
from opora.methodology.indexes import read_index
from opora.methodology.marked import EditionError, Node, Words, read, texts, unknown
from opora.methodology.parameters import (
    FEDERAL,
    STATUSES,
    DatedValue,
    NotInForce,
    Parameter,
    Source,
    read_parameters,
    read_sources,
    shipped_sources,
    standing_parameters,
)
from opora.methodology.rule import (
    Condition,
    Index,
    Measure,
    Vocabulary,
    Where,
    measures_of,
    read_condition,
    read_measure,
)

__all__ = ["Edition", "EditionError", "NotInForce", "Source", "Words", "load", "parse", "shipped"]

FOLDER = Path(__file__).parent.joinpath("editions")
LOW, RISK, HIGH = "low", "risk", "high"
KINDS = (LOW, RISK, HIGH)  # in need of support; near it this year; able to help others
Settled = Mapping[str, DatedValue]


@dataclass(frozen=True)
class Window:
    """The years that a rule looks at: named ones, or the last so many of those at hand (a parameter)."""

    years: tuple[int, ...]
    last: str


@dataclass(frozen=True)
class Exclusion:
    """Schools that the rule does not judge, by their attributes."""

    name: str
    meaning: Words
    where: Where
    compared: tuple[tuple[str, str], ...]  # attribute and the parameter that it is compared with
    source: str
    clause: str
    status: str


@dataclass(frozen=True)
class Minimum:
    """The fewest pupils: of one outcome, and of a school in all its counted outcomes. Parameters or ""."""

    takers: str = ""
    cohort: str = ""


@dataclass(frozen=True)
class NamedList:
    """One list that an edition makes."""

    name: str
    title: Words
    rule: Condition
    measures: tuple[str, ...]
    kind: str  # what the school on it is to get or give: see ``KINDS``


@dataclass(frozen=True, eq=False)
class Edition:
    """One edition of the methodology, read and checked."""

    name: str
    title: Words
    status: str
    source: str
    clause: str
    in_force: date
    digest: str  # SHA-256 of the text, hex
    text: str
    known: tuple[Words, ...]
    unknown: tuple[Words, ...]
    window: Window
    minimum: Minimum
    exclusions: tuple[Exclusion, ...]
    parameters: Mapping[str, Parameter]
    measures: Mapping[str, Measure]
    indexes: Mapping[str, Index]
    lists: Mapping[str, NamedList]
    sources: Mapping[str, Source]

    def settle(
        self, territory: str = FEDERAL, on: date | None = None, changes: Mapping[str, Any] | None = None
    ) -> Settled:
        """Find every parameter's value for a territory and a day, with changes put over them (what-if).

        Raises: ``NotInForce``; ``EditionError`` for a change of what the edition does not have.
        """
        changes = changes or {}
        for name in changes:
            if name not in self.parameters:
                raise EditionError(unknown(name, self.parameters, _("нет параметра «{name}»")))
        found = {}
        for name, parameter in self.parameters.items():
            standing = parameter.at(on or self.in_force, territory)
            found[name] = parameter.changed(standing, changes[name]) if name in changes else standing
        return found


def shipped() -> tuple[str, ...]:
    """Name the editions that come with Opora."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load(name_or_path: str | Path) -> Edition:
    """Load an edition that is shipped, by name, or one's own, by path.

    Raises: ``EditionError``.
    """
    if str(name_or_path) in shipped():
        return _shipped(str(name_or_path))
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml") and not path.is_file():
        raise EditionError(unknown(str(name_or_path), shipped(), _("нет редакции «{name}»")))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EditionError(_("{path}: файл не в кодировке UTF-8").format(path=path)) from error
    except OSError as error:
        message = _("{path}: файл не читается ({reason})")
        raise EditionError(message.format(path=path, reason=error.strerror)) from error
    return parse(text, str(path))


@cache
def _shipped(name: str) -> Edition:
    path = FOLDER.joinpath(f"{name}.yaml")
    edition = parse(path.read_text(encoding="utf-8"), path.name)
    if edition.name != name:
        raise EditionError(_("{path}: имя в файле — «{name}»").format(path=path.name, name=edition.name))
    return edition


SAID = ("name", "title", "status", "source", "in_force", "known", "unknown", "window", "parameters", "lists")
MAY_BE_SAID = ("clause", "minimum", "measures", "indexes", "exclusions", "sources")


def parse(text: str, where: str) -> Edition:
    """Read an edition from its text; ``where`` names it in complaints.

    Raises: ``EditionError`` with file, line and the nearest known key.
    """
    parts = read(text, where).mapping(SAID, MAY_BE_SAID)
    sources = dict(shipped_sources())
    if "sources" in parts:
        sources |= read_sources(parts["sources"])
    parameters = {**standing_parameters(), **read_parameters(parts["parameters"], sources)}
    measures = {n: read_measure(n, piece, parameters) for n, piece in _pairs(parts, "measures")}
    names = Vocabulary(parameters, measures, {})
    indexes = {n: read_index(n, piece, names, sources) for n, piece in _pairs(parts, "indexes")}
    names = Vocabulary(parameters, measures, indexes)
    lists = {n: _list(n, piece, names) for n, piece in _pairs(parts, "lists")}
    if not lists:
        parts["lists"].refuse(_("нужен хотя бы один перечень"))
    return Edition(
        name=parts["name"].name(),
        title=parts["title"].words(),
        status=parts["status"].choice(STATUSES),
        source=parts["source"].choice(sources),
        clause=parts["clause"].text() if "clause" in parts else "",
        in_force=parts["in_force"].day(),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        known=tuple(item.words() for item in parts["known"].items()),
        unknown=tuple(item.words() for item in parts["unknown"].items()),
        window=_window(parts["window"], names),
        minimum=_minimum(parts, names),
        exclusions=tuple(_exclusion(n, piece, names, sources) for n, piece in _pairs(parts, "exclusions")),
        parameters=parameters,
        measures=measures,
        indexes=indexes,
        lists=lists,
        sources=sources,
    )


def _pairs(parts: Mapping[str, Node], key: str) -> list[tuple[str, Node]]:
    if key not in parts:
        return []
    for name in (pairs := parts[key].pairs()):
        if not name or not all(c.isalnum() or c in "_-" for c in name):
            parts[key].refuse(_("имя «{name}»: допустимы буквы, цифры, «_» и «-»").format(name=name))
    return list(pairs.items())


def _list(name: str, node: Node, names: Vocabulary) -> NamedList:
    parts = node.mapping(["title", "rule"], ["kind"])
    pairs = parts["rule"].pairs()
    root = pairs["id"].name() if "id" in pairs else "rule"
    rule = read_condition(parts["rule"], names, root)
    kind = parts["kind"].choice(KINDS) if "kind" in parts else LOW
    return NamedList(name, parts["title"].words(), rule, measures_of(rule, names.indexes), kind)


def _window(node: Node, names: Vocabulary) -> Window:
    parts = node.mapping(optional=["years", "last"])
    if len(parts) != 1:
        node.refuse(_("окну нужно одно из двух: years (годы) или last (последние годы)"))
    if "last" in parts:
        return Window((), names.parameter(parts["last"], "years"))
    years = tuple(sorted({item.integer() for item in parts["years"].items()}))
    if not years:
        parts["years"].refuse(_("нужен хотя бы один год"))
    return Window(years, "")


def _minimum(parts: Mapping[str, Node], names: Vocabulary) -> Minimum:
    if "minimum" not in parts:
        return Minimum()
    found = parts["minimum"].mapping(optional=["takers", "cohort"])
    return Minimum(**{key: names.parameter(node, "pupils") for key, node in found.items()})


def _exclusion(name: str, node: Node, names: Vocabulary, sources: Mapping[str, Source]) -> Exclusion:
    parts = node.mapping(["meaning", "where", "source", "status"], ["clause"])
    where, compared = [], []
    for column, piece in parts["where"].pairs().items():
        if piece.is_mapping():
            threshold = piece.mapping(["compare"])["compare"]
            numbers = ("pupils", "number", "percent", "share", "schools", "points")
            compared.append((column, names.parameter(threshold, *numbers, compared=True)))
        else:
            where.append((column, texts({column: piece}, column)))
    if not where and not compared:
        parts["where"].refuse(_("исключению нужен хотя бы один признак школы"))
    return Exclusion(
        name=name,
        meaning=parts["meaning"].words(),
        where=tuple(where),
        compared=tuple(compared),
        source=parts["source"].choice(sources),
        clause=parts["clause"].text() if "clause" in parts else "",
        status=parts["status"].choice(STATUSES),
    )
