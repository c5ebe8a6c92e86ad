"""Reads YAML in which every complaint can name the file, the line and the nearest known key."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NoReturn

import yaml

from opora.language import _

LONGEST = 1_000_000  # characters of an edition
DEEPEST = 40  # levels of a rule


class EditionError(ValueError):
    """An edition of the methodology cannot be read as it stands."""


@dataclass(frozen=True)
class Words:
    """A text for people in both languages of the system."""

    ru: str
    en: str = ""

    def __str__(self) -> str:
        # The English catalogue translates this one word, and so answers which language is spoken now.
        return self.en if _("ru") == "en" and self.en else self.ru


class _Loader(yaml.SafeLoader):
    """Composes nodes without aliases and without unbounded depth."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: object) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem=_("ссылки (&, *) не допускаются"), problem_mark=mark)
        self.depth += 1
        if self.depth > DEEPEST:
            mark = self.peek_event().start_mark
            raise yaml.MarkedYAMLError(problem=_("слишком глубокая вложенность"), problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node


@dataclass(frozen=True)
class Node:
    """A piece of a YAML file that knows where it stands."""

    node: yaml.Node
    where: str

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def refuse(self, message: str) -> NoReturn:
        """Complain about this place."""
        raise EditionError(
            _("{where}, строка {line}: {message}").format(where=self.where, line=self.line, message=message)
        )

    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    def pairs(self) -> dict[str, "Node"]:
        """Give a mapping whose keys are names of the author's own."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(_("здесь нужны пары «ключ: значение»"))
        found: dict[str, Node] = {}
        for key, value in self.node.value:
            here = Node(key, self.where)
            name = here.text()
            if name in found:
                here.refuse(_("ключ «{key}» повторяется").format(key=name))
            found[name] = Node(value, self.where)
        return found

    def mapping(self, required: Iterable[str] = (), optional: Iterable[str] = ()) -> dict[str, "Node"]:
        """Give a mapping with known keys only."""
        required = tuple(required)
        known = (*required, *optional)
        found = self.pairs()
        assert isinstance(self.node, yaml.MappingNode)
        for key, _value in self.node.value:
            if key.value not in known:
                Node(key, self.where).refuse(unknown(key.value, known, _("неизвестный ключ «{name}»")))
        for key in required:
            if key not in found:
                self.refuse(_("нет обязательного ключа «{key}»").format(key=key))
        return found

    def items(self) -> list["Node"]:
        """Give the items of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(_("здесь нужен список"))
        return [Node(item, self.where) for item in self.node.value]

    def text(self) -> str:
        """Give a text; a number keeps the writing it has in the file."""
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag.endswith(":null"):
            self.refuse(_("здесь нужно одно значение"))
        return str(self.node.value)

    def is_number(self) -> bool:
        tags = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag in tags

    def decimal(self) -> Decimal:
        """Give a number exactly as written."""
        try:
            number = Decimal(self.text())
        except InvalidOperation:
            self.refuse(_("здесь нужно число"))
        if not number.is_finite() or abs(number) >= 10**9:
            self.refuse(_("здесь нужно число"))
        return number

    def integer(self) -> int:
        number = self.decimal()
        if number != number.to_integral_value():
            self.refuse(_("здесь нужно целое число"))
        return int(number)

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.refuse(_("здесь нужна дата вида 2020-03-01"))

    def choice(self, known: Iterable[str]) -> str:
        """Give one of the known words."""
        known = tuple(known)
        found = self.text()
        if found not in known:
            self.refuse(unknown(found, known, _("неизвестное слово «{name}»")))
        return found

    def words(self) -> Words:
        """Give a text in both languages, or in Russian only."""
        if self.is_mapping():
            found = self.mapping(["ru"], ["en"])
            return Words(found["ru"].text(), found["en"].text() if "en" in found else "")
        return Words(self.text())

    def name(self) -> str:
        """Give a name that can stand in addresses, dotted paths and file names."""
        found = self.text()
        if not found or not all(c.isalnum() or c in "_-" for c in found):
            self.refuse(_("имя «{name}»: допустимы буквы, цифры, «_» и «-»").format(name=found))
        return found


def unknown(name: str, known: Iterable[str], message: str) -> str:
    """Say that a word is not known, with the nearest one that is."""
    known = tuple(known)
    near = difflib.get_close_matches(name, known, 1, 0.5)
    hint = _("; возможно, «{near}»").format(near=near[0]) if near else ""
    return message.format(name=name) + hint + _("; допустимо: {known}").format(known=", ".join(known) or "—")


def read(text: str, where: str) -> Node:
    """Parse a YAML text that stands at ``where``."""
    if len(text) > LONGEST:
        raise EditionError(_("{where}: файл длиннее {longest} знаков").format(where=where, longest=LONGEST))
    loader = None
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        message = _("{where}, строка {line}: {message}")
        raise EditionError(message.format(where=where, line=line, message=error.problem)) from error
    except yaml.YAMLError as error:
        raise EditionError(_("{where}: это не YAML: {error}").format(where=where, error=error)) from error
    finally:
        if loader is not None:
            loader.dispose()
    if root is None:
        raise EditionError(_("{where}: файл пуст").format(where=where))
    return Node(root, where)


def texts(nodes: Mapping[str, Node], key: str) -> tuple[str, ...]:
    """Give a list of texts, or one text as a list of one; empty if the key is absent."""
    if key not in nodes:
        return ()
    node = nodes[key]
    return tuple(item.text() for item in node.items()) if node.is_list() else (node.text(),)
