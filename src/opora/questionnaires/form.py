"""What a questionnaire is: its pages, items, scales, and the conditions under which an item is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

Text = Mapping[str, str]  # language → words
AUDIENCES = ("director", "teacher", "pupil", "parent", "psychologist")
ON_SCALE = ("agreement", "frequency", "matrix")
NUMBERS = ("count", "share")
TYPES = (*ON_SCALE, *NUMBERS, "choice", "choices", "text")
DONT_KNOW = "dont_know"  # the answer «не знаю»
MOST_COUNT = 100_000
MOST_SHARE = 100  # percent
LONGEST_TEXT = 1_000  # characters of a free answer


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen, a step of a scale, or a row of a matrix."""

    name: str
    text: Text


@dataclass(frozen=True)
class Scale:
    """Steps in their order: the first is worth 1. Steps have no names of their own."""

    name: str
    steps: tuple[Text, ...]


@dataclass(frozen=True)
class Test:
    """Holds if a field has one of some values, or lies within bounds; a field without an answer never does.

    values: whole numbers of a scale, a count or a flag (1 is chosen), names of options, ``dont_know``.
    """

    field: str
    values: tuple[int | str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Every:
    """Holds if all of them do."""

    conditions: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Some:
    """Holds if at least one of them does."""

    conditions: "tuple[Condition, ...]"


Condition = Test | Every | Some


@dataclass(frozen=True)
class Item:
    """One question (вопрос). kind: one of ``TYPES``.

    reversed: agreeing means less of what its indicator is about; the rules of scores say the same by the
    order of their bounds. least, most: of a number; of ``choices``, how many may be chosen.
    """

    name: str
    kind: str
    text: Text
    help: Text
    scale: Scale | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    required: bool = False
    dont_know: bool = False
    reversed: bool = False
    least: int | None = None
    most: int | None = None
    asked_if: Condition | None = None

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Name the places of a sheet that answer it: itself, or the rows of a matrix."""
        return (
            tuple(f"{self.name}.{row.name}" for row in self.rows) if self.kind == "matrix" else (self.name,)
        )

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """Give the least and the most that a number or a step of a scale may be."""
        field = next(iter(self.fields))
        return field.least, field.most

    @cached_property
    def option_names(self) -> tuple[str, ...]:
        """Name the options in their order."""
        return tuple(option.name for option in self.options)

    @property
    def fields(self) -> "Iterator[Field]":
        """Give the fields that hold its answer."""
        top = len(self.scale.steps) if self.scale else 0
        if self.kind == "matrix":
            for row in self.rows:
                yield Field(f"{self.name}.{row.name}", self, "scale", 1, top)
        elif self.kind in ON_SCALE:
            yield Field(self.name, self, "scale", 1, top)
        elif self.kind == "choices":
            for option in self.options:
                yield Field(f"{self.name}.{option.name}", self, "flag", 0, 1)
        elif self.kind == "choice":
            yield Field(self.name, self, "choice", 1, len(self.options))
        elif self.kind == "text":
            yield Field(self.name, self, "text", 0, 0)
        else:
            top = MOST_SHARE if self.kind == "share" else MOST_COUNT
            least = 0 if self.least is None else self.least
            yield Field(self.name, self, "number", least, top if self.most is None else self.most)


@dataclass(frozen=True)
class Field:
    """What holds one value: an item, a row of a matrix, an option of many. kind: scale, number, choice, flag
    or text; least and most bound its value in the table of answers."""

    name: str
    item: Item
    kind: str
    least: int
    most: int


@dataclass(frozen=True)
class Page:
    """Items that are shown together."""

    title: Text
    text: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class Form:
    """A questionnaire (анкета) of one edition, for one audience."""

    name: str
    year: int
    audience: str
    grades: tuple[int, ...]  # of pupils; empty: of any
    languages: tuple[str, ...]
    status: str
    title: Text
    introduction: Text
    purpose: Text
    legal_basis: Text
    used_by: Text
    minutes: int
    voluntary: bool
    anonymous: bool
    pages: tuple[Page, ...]
    scales: Mapping[str, Scale]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Give all items by name, in the order in which they are asked."""
        return {item.name: item for page in self.pages for item in page.items}

    @cached_property
    def places(self) -> frozenset[str]:
        """Name everything that a sheet may have."""
        return frozenset(place for item in self.items.values() for place in item.places)

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Give the columns of the table of answers by name; free text is among them."""
        return {field.name: field for item in self.items.values() for field in item.fields}
