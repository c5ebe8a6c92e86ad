"""Reads a file of the methodology on after a fault, so that all faults are told in one pass."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from opora.language import _
from opora.methodology.marked import EditionError, Node, unknown

T = TypeVar("T")


class EditionRefused(EditionError):
    """An edition cannot be read as it stands. faults: everything that is wrong."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class FaultReader:
    """Goes on after a fault, so that all are found; what could not be read is left out meanwhile."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def attempt(self, reading: Callable[[], T]) -> T | None:
        """Do a piece of reading; remember its fault. Empty: None."""
        try:
            return reading()
        except EditionError as fault:
            self.faults.append(str(fault))
            return None

    def wrong(self, node: Node, message: str) -> None:
        """Remember a fault of this place."""
        self.attempt(lambda: node.refuse(message))

    def keys(self, node: Node, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Node]:
        """Give the known keys of a mapping; remember those that are unknown or lack."""
        required = tuple(required)
        known = (*required, *optional)
        found = self.attempt(node.pairs) or {}
        for key, value in found.items():
            if key not in known:
                self.wrong(value, unknown(key, known, _("неизвестный ключ «{name}»")))
        for key in required if found else ():
            if key not in found:
                self.wrong(node, _("нет обязательного ключа «{key}»").format(key=key))
        return {key: value for key, value in found.items() if key in known}

    def told(self, given: Mapping[str, Node], key: str, reading: Callable[[Node], T], otherwise: T) -> T:
        """Read one key, if it is there and can be read."""
        if key not in given:
            return otherwise
        found = self.attempt(lambda: reading(given[key]))
        return otherwise if found is None else found

    def each(self, given: Mapping[str, Node], key: str) -> list[Node]:
        """Give the items of a list, which must have one."""
        if key not in given:
            return []
        found = self.attempt(given[key].items)
        if found is not None and not found:
            self.wrong(given[key], _("список «{key}» пуст").format(key=key))
        return found or []

    def once(self, nodes: list[Node], names: list[str], message: str) -> None:
        """Remember names that stand twice."""
        for place, name in enumerate(names):
            if name and name in names[:place]:
                self.wrong(nodes[min(place, len(nodes) - 1)], message.format(name=name))
