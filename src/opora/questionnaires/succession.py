"""What became of the questions of an older questionnaire (преемственность анкет): which answers compare."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from opora.language import _
from opora.methodology.marked import EditionError, Node, read, unknown
from opora.questionnaires.form import Form, Item, Text
from opora.questionnaires.reading import FormError
from opora.questionnaires.table import SCHOOL, columns

SAME, REWORDED, INCOMPARABLE, GONE = HOWS = ("same", "reworded", "incomparable", "gone")
COMPARABLE = (SAME, REWORDED)


@dataclass(frozen=True)
class Step:
    """What an item of the older form became. became: "" where it is gone."""

    was: str
    how: str
    became: str
    because: Text


@dataclass(frozen=True, eq=False)
class Succession:
    """The way from one form to a later one, item by item."""

    older: Form
    newer: Form
    steps: tuple[Step, ...]

    @cached_property
    def comparable(self) -> dict[str, str]:
        """Give the fields whose scores of both years may be compared: name now → name before."""
        pairs = [(step.was, step.became) for step in self.steps if step.how in COMPARABLE]
        return {
            now.name: before.name
            for was, became in pairs
            for before, now in zip(self.older.items[was].fields, self.newer.items[became].fields, strict=True)
            if now.kind != "text"
        }

    @property
    def added(self) -> tuple[str, ...]:
        """Name the items of the newer form that the older did not have."""
        known = {step.became for step in self.steps}
        return tuple(name for name in self.newer.items if name not in known)

    def may_compare(self, fields: Iterable[str]) -> bool:
        """Tell whether all these fields of the newer form had comparable ones before."""
        return all(field in self.comparable for field in fields)

    def as_newer(self, table: pl.DataFrame) -> pl.DataFrame:
        """Give a table of answers of the older form the columns of the newer one.

        Empty: null in the columns of what cannot be compared.
        """
        empty = pl.lit(None, pl.Int32)
        return table.select(
            SCHOOL,
            *(
                (pl.col(self.comparable[name]) if name in self.comparable else empty).alias(name)
                for name in columns(self.newer)
            ),
        )


def unchanged(form: Form) -> Succession:
    """Give the way from a form to itself: all is the same."""
    return Succession(form, form, tuple(Step(name, SAME, name, {}) for name in form.items))


def read_succession(text: str, where: str, older: Form, newer: Form) -> Succession:
    """Read what became of every item of ``older``; all faults are told in one pass.

    Raises: FormError.
    """
    faults: list[str] = []
    steps: dict[str, Step] = {}
    try:
        given = read(text, where).mapping(("older", "newer", "items"))
        given["older"].choice((older.name,))
        given["newer"].choice((newer.name,))
        nodes = given["items"].pairs()
    except EditionError as fault:
        raise FormError([str(fault)]) from fault
    taken: set[str] = set()
    for was, node in nodes.items():
        try:
            steps[was] = _step(was, node, older, newer, taken)
        except EditionError as fault:
            faults.append(str(fault))
    said = _("{where}: не сказано, что стало с вопросом «{name}»; допустимо: {known}")
    faults += [
        said.format(where=where, name=name, known=", ".join(HOWS))
        for name in older.items
        if name not in nodes
    ]
    if faults:
        raise FormError(faults)
    return Succession(older, newer, tuple(steps[name] for name in older.items))


def _step(was: str, node: Node, older: Form, newer: Form, taken: set[str]) -> Step:
    """Read one item: ``same``, ``gone``, or how it changed, what it is called now, and why."""
    if was not in older.items:
        node.refuse(unknown(was, older.items, _("в прежней анкете нет вопроса «{name}»")))
    given = node.mapping(("how",), ("became", "because")) if node.is_mapping() else {"how": node}
    how = given["how"].choice(HOWS)
    because = (
        {name: said.text() for name, said in given["because"].pairs().items()} if "because" in given else {}
    )
    if how == GONE:
        if "became" in given:
            given["became"].refuse(_("вопроса больше нет: «became» здесь лишнее"))
        return Step(was, how, "", because)
    place = given.get("became", node)
    became = given["became"].text() if "became" in given else was
    if became not in newer.items:
        place.refuse(unknown(became, newer.items, _("в новой анкете нет вопроса «{name}»")))
    if became in taken:
        place.refuse(_("вопрос «{name}» новой анкеты уже чей-то преемник").format(name=became))
    taken.add(became)
    if wrong := _wrong(how, older.items[was], newer.items[became]):
        node.refuse(wrong)
    return Step(was, how, became, because)


def _wrong(how: str, before: Item, now: Item) -> str:
    """Say why two items are not what they are said to be to each other; "" if nothing is wrong."""
    if how in COMPARABLE and _measure(before) != _measure(now):
        return _(
            "«{was}» и «{became}» отвечают по-разному (вид, шкала, ответы, границы): сравнить их нельзя"
        ).format(was=before.name, became=now.name)
    if how == SAME and _said(before) != _said(now):
        return _("«{was}» сказан иначе, чем «{became}»: это не same, а reworded").format(
            was=before.name, became=now.name
        )
    return ""


def _measure(item: Item) -> tuple[object, ...]:
    """Give what the values of an item mean apart from its words."""
    steps = len(item.scale.steps) if item.scale else 0
    rows = tuple(row.name for row in item.rows)
    return item.kind, steps, item.option_names, rows, item.reversed, item.least, item.most


def _said(item: Item) -> tuple[object, ...]:
    """Give everything that a person reads."""
    answers = item.scale.steps if item.scale else ()
    return item.text, answers, tuple(option.text for option in (*item.options, *item.rows))
