"""Constraints of numbers and of choices of many, read back as bounds."""

from opora.language import _
from opora.questionnaires.form import DONT_KNOW, MOST_COUNT, MOST_SHARE
from opora.questionnaires.xlsform.expressions import (
    Call,
    Compared,
    Joined,
    NotRead,
    Ref,
    Tree,
    bare,
    read_expression,
)
from opora.questionnaires.xlsform.relevance import UNKNOWN_NUMBER

Bounds = tuple[int | None, int | None]  # least, most; None where nobody gave it
HERE = Ref(".")
COUNTED = Call("count-selected", (HERE,))
UNSURE = Call("selected", (HERE, DONT_KNOW))


def read_bounds(text: str, kind: str, dont_know: bool) -> Bounds:
    """Read what a number may be, or how many options of ``choices`` may be chosen.

    Raises: NotRead, with what cannot be said by bounds.
    """
    if not text.strip():
        return None, None
    refused = NotRead(_("ограничение «{text}» здесь не выразить").format(text=text[:200]))
    try:
        tree = bare(read_expression(text))
        if kind == "choices":
            found = _bounds(_without_unsure_option(tree) if dont_know else tree, COUNTED, None)
        elif kind in ("count", "share"):
            top = MOST_SHARE if kind == "share" else MOST_COUNT
            found = _bounds(_without_unsure_number(tree) if dont_know else tree, HERE, top)
        else:
            raise refused
    except NotRead:
        raise refused from None
    return found


def _without_unsure_number(tree: Tree) -> Tree:
    match tree:
        case Joined("or", (Compared(Ref("."), "=", value), others)) if value == UNKNOWN_NUMBER:
            return others
    return tree


def _without_unsure_option(tree: Tree) -> Tree:
    """Take off what says that «не знаю» is chosen alone; what is left is about the other options."""
    alone = Joined("and", (UNSURE, Compared(COUNTED, "=", 1)))
    others = Call("not", (UNSURE,))
    match tree:
        case Joined("or", (first, second)) if first == alone and second == others:
            return Joined("and", ())
        case Joined("or", (first, Joined("and", (guard, *parts)))) if first == alone and guard == others:
            return Joined("and", tuple(parts))
    return tree


def _bounds(tree: Tree, what: Tree, top: int | None) -> Bounds:
    tree = bare(tree)
    parts = tree.parts if isinstance(tree, Joined) and tree.by == "and" else (tree,)
    least: list[int] = []
    most: list[int] = []
    for part in map(bare, parts):
        if top is not None and part in (
            Call("not", (Compared(what, "<", 0),)),
            Call("not", (Compared(what, ">", top),)),
        ):
            continue
        match part:
            case Compared(left, ">=", int(value)) if left == what:
                least.append(value)
            case Compared(left, ">", int(value)) if left == what:
                least.append(value + 1)
            case Compared(left, "<=", int(value)) if left == what:
                most.append(value)
            case Compared(left, "<", int(value)) if left == what:
                most.append(value - 1)
            case Compared(left, "=", int(value)) if left == what:
                least.append(value)
                most.append(value)
            case _:
                raise NotRead
    return (max(least) if least else None), (min(most) if most else None)
