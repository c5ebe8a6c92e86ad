"""Conditions as XLSForm says them (``relevant``), so that they are read back as they were.

A test is written bare, the parts of «all» and «any» each in brackets of their own: this tells a test of two
bounds from two tests. What XPath would hold true of a question without an answer, or with «не знаю», is
guarded.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, Condition, Every, Field, Some, Test
from opora.questionnaires.xlsform.expressions import (
    Bracket,
    Call,
    Compared,
    Joined,
    NotRead,
    Ref,
    Tree,
    bare,
    read_expression,
)

UNKNOWN_NUMBER = -1  # «не знаю» of a number; a whole number is all that such a question takes


@dataclass(frozen=True)
class Known:
    """What a name in an expression means: a field, or a choice of many; steps: names of a scale's."""

    item: str
    fields: Mapping[str, Field]  # option → field; "" for a field of its own
    steps: tuple[str, ...] = ()


def said(condition: Condition, fields: Mapping[str, Field]) -> str:
    """Write a condition on these fields."""
    match condition:
        case Every(parts) | Some(parts):
            every = isinstance(condition, Every)
            told = [f"({said(part, fields)})" for part in parts]
            told += ["true()" if every else "false()"] * (len(told) < 2)
            return (" and " if every else " or ").join(told)
        case Test():
            return _test(condition, fields[condition.field])


def _test(test: Test, field: Field) -> str:
    flag = field.kind == "flag"
    where = f"${{{field.item.name if flag else field.name}}}"
    option = field.name.rpartition(".")[2]
    value = f"number(selected({where}, '{option}'))" if flag else where
    if test.values == (1,) and flag:
        return f"selected({where}, '{option}')"
    if test.values:
        told = " or ".join(f"{value} = {_literal(one, field)}" for one in test.values)
        return _guarded(f"({told})" if len(test.values) > 1 else told, where, field, flag) if flag else told
    bounds = [f"{value} >= {test.at_least}"] if test.at_least is not None else []
    bounds += [f"{value} <= {test.at_most}"] if test.at_most is not None else []
    return _guarded(" and ".join(bounds), where, field, flag or field.item.dont_know)


def _guarded(told: str, where: str, field: Field, needed: bool) -> str:
    guards = [f"{where} != ''"] if field.kind == "flag" else []
    if field.item.dont_know and field.kind == "flag":
        guards.append(f"not(selected({where}, '{DONT_KNOW}'))")
    if field.item.dont_know and field.kind == "number":
        guards.append(f"{where} != {UNKNOWN_NUMBER}")
    return " and ".join([*guards, told]) if needed else told


def _literal(value: int | str, field: Field) -> str:
    if value == DONT_KNOW and field.kind == "number":
        return str(UNKNOWN_NUMBER)
    return str(value) if isinstance(value, int) else f"'{value}'"


def read_condition(text: str, known: Mapping[str, Known]) -> Condition:
    """Read a condition that rests on known questions.

    Raises: NotRead, with what cannot be said as a condition.
    """
    try:
        tree = read_expression(text)
    except NotRead:
        raise NotRead(_("условие «{text}» здесь не выразить").format(text=text[:200])) from None
    try:
        return _condition(tree, known)
    except NotRead as fault:
        said_already = str(fault)
        raise NotRead(
            said_already or _("условие «{text}» здесь не выразить").format(text=text[:200])
        ) from None


def _condition(tree: Tree, known: Mapping[str, Known]) -> Condition:
    tree = bare(tree)
    if isinstance(tree, Joined):
        return _joined(tree, known)
    return _single(tree, known)


def _joined(tree: Joined, known: Mapping[str, Known]) -> Condition:
    neutral = Call("true" if tree.by == "and" else "false", ())
    parts = [part for part in tree.parts if part != neutral]
    kind = Every if tree.by == "and" else Some
    if len(parts) < len(tree.parts) or all(isinstance(part, Bracket) for part in parts):
        return kind(tuple(_condition(part, known) for part in parts))
    if kind is Every:
        parts = _unguarded(parts, known)
    found = tuple(_condition(part, known) for part in parts)
    return _merged(found, parts, kind) or kind(found)


def _merged(
    found: tuple[Condition, ...], parts: list[Tree], kind: type[Every] | type[Some]
) -> Condition | None:
    """Put bare tests of one field together. Empty: None, where they are several conditions."""
    if len(found) == 1:
        return found[0]
    tests = [one for one in found if isinstance(one, Test)]
    if len(tests) < len(found) or any(isinstance(part, Bracket) for part in parts):
        return None
    if len({test.field for test in tests}) > 1:
        return None
    if kind is Some and all(test.values for test in tests):
        return Test(tests[0].field, tuple(value for test in tests for value in test.values))
    if kind is Every and len(tests) == 2 and not any(test.values for test in tests):
        first, second = tests
        if first.at_most is None and second.at_least is None:
            return Test(first.field, (), first.at_least, second.at_most)
    return None


def _unguarded(parts: list[Tree], known: Mapping[str, Known]) -> list[Tree]:
    """Leave out what only says that a question has an answer, where another part tests that question."""
    guards = {place: name for place, part in enumerate(parts) if (name := _guards(part, known))}
    tested = {
        name for place, part in enumerate(parts) if place not in guards for name in [_about(part)] if name
    }
    return [part for place, part in enumerate(parts) if guards.get(place) not in tested]


def _guards(part: Tree, known: Mapping[str, Known]) -> str:
    match part:
        case Compared(Ref(name), "!=", ""):
            return name
        case Compared(Ref(name), "!=", value) if value == UNKNOWN_NUMBER and _is(known, name, "number"):
            return name
        case Call("not", (Call("selected", (Ref(name), option)),)) if option == DONT_KNOW:
            return name
    return ""


def _is(known: Mapping[str, Known], name: str, kind: str) -> bool:
    field = known[name].fields.get("") if name in known else None
    return field is not None and field.kind == kind and field.item.dont_know


def _about(tree: Tree) -> str:
    """Name the one question that a bare test is about. Empty: "", where it is about several."""
    match tree:
        case Ref(name):
            return name
        case Bracket(inner):
            return _about(inner)
        case Compared(left, _sign, _right):
            return _about(left)
        case Call(_name, given) if given:
            return _about(given[0])
        case Joined(_by, parts):
            names = {_about(part) for part in parts}
            return names.pop() if len(names) == 1 else ""
    return ""


def _single(tree: Tree, known: Mapping[str, Known]) -> Condition:
    match tree:
        case Call("true", ()):
            return Every(())
        case Call("false", ()):
            return Some(())
        case Call("selected", (Ref(name), str(option))):
            return _selected(_known(name, known), option)
        case Compared(Call("number", (Call("selected", (Ref(name), str(option))),)), sign, int(value)):
            return _bound(_option(_known(name, known), option), sign, value)
        case Compared(Ref(name), sign, (str() | int()) as value):
            return _compared(_known(name, known), sign, value)
    raise NotRead


def _known(name: str, known: Mapping[str, Known]) -> Known:
    if name not in known:
        raise NotRead(_("условие смотрит на «{name}», но раньше такого вопроса нет").format(name=name))
    return known[name]


def _option(known: Known, option: str) -> Field:
    if option not in known.fields or option == "":
        raise NotRead(_("у «{name}» нет ответа «{option}»").format(name=known.item, option=option))
    return known.fields[option]


def _selected(known: Known, option: str) -> Test:
    if "" not in known.fields:
        return Test(_option(known, option).name, (1,))
    return _compared(known, "=", option)


def _compared(known: Known, sign: str, value: str | int) -> Test:
    field = known.fields.get("")
    if field is None:
        raise NotRead
    if field.kind == "choice" or (value == DONT_KNOW and field.item.dont_know):
        names = (*field.item.option_names, *([DONT_KNOW] if field.item.dont_know else []))
        if sign != "=":
            raise NotRead
        if str(value) not in names:
            said_so = _("у «{name}» нет ответа «{option}»")
            raise NotRead(said_so.format(name=known.item, option=str(value)))
        return Test(field.name, (str(value),))
    if field.kind == "number" and value == UNKNOWN_NUMBER and field.item.dont_know and sign == "=":
        return Test(field.name, (DONT_KNOW,))
    if known.steps and str(value) in known.steps:
        value = known.steps.index(str(value)) + 1
    if isinstance(value, str) and not value.isdigit():
        raise NotRead
    return _bound(field, sign, int(value))


def _bound(field: Field, sign: str, value: int) -> Test:
    match sign:
        case "=":
            return Test(field.name, (value,))
        case ">=":
            return Test(field.name, at_least=value)
        case "<=":
            return Test(field.name, at_most=value)
        case ">":
            return Test(field.name, at_least=value + 1)
        case "<":
            return Test(field.name, at_most=value - 1)
    raise NotRead
