"""Reads a check-list from YAML; every fault of the file is told in one pass, with its line."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from opora.language import _
from opora.methodology.fault_reader import EditionRefused, FaultReader
from opora.methodology.marked import Node, Words, read, unknown
from opora.methodology.parameters import STATUSES, shipped_sources
from opora.methodology.quality.checklist import (
    ANSWERS,
    FACTS,
    LEVELS,
    NOT_APPLICABLE,
    Checklist,
    Criterion,
    Section,
)

FOLDER = Path(__file__).parent.joinpath("checklists")
WHOLE = ("name", "title", "from", "status", "source", "minutes", "sections")
GREATEST_WEIGHT, LONGEST = 10, 240  # minutes


def shipped_checklists() -> tuple[str, ...]:
    """Name the check-lists that come with Opora."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load_checklist(name: str) -> Checklist:
    """Load a shipped check-list by its name; it is read once.

    Raises: ``EditionRefused``.
    """
    if name not in shipped_checklists():
        raise EditionRefused([unknown(name, shipped_checklists(), _("нет чек-листа «{name}»"))])
    path = FOLDER.joinpath(f"{name}.yaml")
    return read_checklist(path.read_text(encoding="utf-8"), path.name)


def read_checklist(text: str, where: str) -> Checklist:
    """Read a check-list from its text; ``where`` is how its file is called in complaints.

    Raises: ``EditionRefused``, with all faults.
    """
    reader = _Reader()
    root = reader.attempt(lambda: read(text, where))
    found = reader.checklist(root, text) if root else None
    if reader.faults or found is None:
        raise EditionRefused(reader.faults)
    return found


class _Reader(FaultReader):
    """Reads a check-list piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[Node] = []  # of all criteria, in order

    def checklist(self, root: Node, text: str) -> Checklist:
        """Read the whole."""
        given = self.keys(root, WHOLE)
        nodes = self.each(given, "sections")
        sections = tuple(self.section(node) for node in nodes)
        self.once(nodes, [one.name for one in sections], _("раздел «{name}» уже есть"))
        names = [one.name for section in sections for one in section.criteria]
        self.once(self.pieces, names, _("критерий «{name}» уже есть"))
        return Checklist(
            name=self.told(given, "name", Node.name, ""),
            title=self.told(given, "title", _both, Words("")),
            since=self.told(given, "from", Node.day, date.min),
            status=self.told(given, "status", lambda node: node.choice(STATUSES), STATUSES[-1]),
            source=self.told(given, "source", lambda node: node.choice(shipped_sources()), "opora"),
            minutes=self.told(given, "minutes", lambda node: _between(node, LONGEST), 1),
            sections=sections,
            digest=hashlib.sha256(text.encode()).hexdigest(),
        )

    def section(self, node: Node) -> Section:
        """Read a section."""
        given = self.keys(node, ("name", "title", "criteria"))
        pieces = self.each(given, "criteria")
        self.pieces += pieces
        criteria = tuple(self.criterion(one) for one in pieces)
        title = self.told(given, "title", _both, Words(""))
        return Section(self.told(given, "name", Node.name, ""), title, criteria)

    def criterion(self, node: Node) -> Criterion:
        """Read a criterion."""
        given = self.keys(node, ("name", "question", "proof", "levels", "measure"), ("weight", "fact"))
        said = {key: self.told(given, key, _both, Words("")) for key in ("question", "proof", "measure")}
        return Criterion(
            name=self.told(given, "name", Node.name, ""),
            levels=self.levels(given["levels"]) if "levels" in given else {},
            weight=self.told(given, "weight", lambda one: _between(one, GREATEST_WEIGHT), 1),
            fact=self.told(given, "fact", lambda one: one.choice(FACTS), ""),
            **said,
        )

    def levels(self, node: Node) -> dict[str, Words]:
        """Read what each level means, in the order of the levels."""
        given = self.keys(node, LEVELS, (NOT_APPLICABLE,))
        return {name: self.told(given, name, _both, Words("")) for name in ANSWERS if name in given}


def _both(node: Node) -> Words:
    """Read a text that is there in both languages."""
    found = node.words()
    if not found.ru.strip() or not found.en.strip():
        node.refuse(_("нужен текст на двух языках: ru и en"))
    return found


def _between(node: Node, most: int) -> int:
    number = node.integer()
    if not 1 <= number <= most:
        node.refuse(_("здесь нужно целое число от 1 до {most}").format(most=most))
    return number
