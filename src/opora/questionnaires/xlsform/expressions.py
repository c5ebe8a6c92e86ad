"""The few XPath expressions that questionnaires need: read into a tree, with brackets kept."""

import re
from dataclasses import dataclass

DEEPEST = 100  # a condition of a questionnaire file is less deep
LONGEST = 10_000
TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$\{[^{}]+\})|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z-]*)|(?P<sign><=|>=|!=|=|<|>|\(|\)|,|\.))"
)
CLOSES = re.compile(r"\s*\Z")
FLIPPED = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class NotRead(ValueError):
    """An expression says something that is not among these few."""


@dataclass(frozen=True)
class Ref:
    """An answer: of a question by name, or "." of this one."""

    name: str


@dataclass(frozen=True)
class Call:
    """A function and what it is given: ``selected``, ``not``, ``number``, ``true``, ``count-selected``…"""

    name: str
    given: "tuple[Tree, ...]"


@dataclass(frozen=True)
class Compared:
    """Two things compared; what is known stands to the right."""

    left: "Tree"
    sign: str
    right: "Tree"


@dataclass(frozen=True)
class Joined:
    """Several joined by ``and`` or ``or``."""

    by: str
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True)
class Bracket:
    """Something in brackets of its own."""

    inner: "Tree"


Tree = Ref | Call | Compared | Joined | Bracket | str | int


def read_expression(text: str) -> Tree:
    """Read an expression.

    Raises: NotRead.
    """
    if len(text) > LONGEST:
        raise NotRead
    reader = _Reader(_tokens(text))
    tree = reader.joined("or")
    if reader.place < len(reader.tokens):
        raise NotRead
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while not CLOSES.match(text, place):
        token = TOKEN.match(text, place)
        if token is None or token.lastgroup is None:
            raise NotRead
        found.append((token.lastgroup, token[token.lastgroup]))
        place = token.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.depth = 0

    def next_is(self, token: str) -> bool:
        """Take the next token if it is this one."""
        there = self.place < len(self.tokens) and self.tokens[self.place][1] == token
        self.place += there
        return there

    def need(self, token: str) -> None:
        if not self.next_is(token):
            raise NotRead

    def joined(self, by: str) -> Tree:
        """Read parts joined by ``or``, each of parts joined by ``and``."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRead
        parts = [self.joined("and") if by == "or" else self.compared()]
        while self.next_is(by):
            parts.append(self.joined("and") if by == "or" else self.compared())
        self.depth -= 1
        return parts[0] if len(parts) == 1 else Joined(by, tuple(parts))

    def compared(self) -> Tree:
        """Read a value, or two that are compared."""
        left = self.value()
        for sign, flipped in FLIPPED.items():
            if self.next_is(sign):
                right = self.value()
                if isinstance(left, str | int) and not isinstance(right, str | int):
                    return Compared(right, flipped, left)
                return Compared(left, sign, right)
        return left

    def value(self) -> Tree:
        """Read one value: a reference, a text, a whole number, a call, or something in brackets."""
        if self.place >= len(self.tokens):
            raise NotRead
        kind, said = self.tokens[self.place]
        self.place += 1
        if kind == "ref":
            return Ref(said[2:-1].strip())
        if kind == "text":
            return said[1:-1]
        if kind == "number" and "." not in said and len(said) < 12:
            return int(said)
        if said == ".":
            return Ref(".")
        if said == "(":
            inner = self.joined("or")
            self.need(")")
            return Bracket(inner)
        if kind == "word":
            return self.call(said)
        raise NotRead

    def call(self, name: str) -> Tree:
        self.need("(")
        given: list[Tree] = []
        while not self.next_is(")"):
            if given:
                self.need(",")
            given.append(self.joined("or"))
        return Call(name, tuple(given))


def bare(tree: Tree) -> Tree:
    """Take the outer brackets off."""
    while isinstance(tree, Bracket):
        tree = tree.inner
    return tree
