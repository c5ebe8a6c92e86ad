"""The chronicle of schools (летопись): all changes together, replayed; what may be added or taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from opora.language import _
from opora.registry.history.changes import Beginning, Change, Kind, in_order, of_register
from opora.registry.history.states import Impossible, Standing, World, apply, first_day
from opora.registry.history.wording import shown, told


class DependsOn(Impossible):
    """A change cannot be taken back while a later one rests on it: ``other`` is that one."""


@dataclass(frozen=True)
class Link:
    """A tie between two schools: ``change`` made one the successor of the other."""

    school: int
    change: Change


class Chronicle:
    """Schools as the register has them, and everything that happened to them.

    Raises: Impossible, when the changes contradict each other.
    """

    def __init__(self, beginnings: Mapping[int, Beginning], changes: Iterable[Change]) -> None:
        self.beginnings = dict(beginnings)
        self.changes = tuple(in_order(changes))
        self._replayed(date.max)

    @cached_property
    def everything(self) -> list[Change]:
        """Answer the changes with the register's own openings and closings among them, in order."""
        return in_order([*of_register(self.beginnings, self.changes), *self.changes])

    def _replayed(self, day: date) -> World:
        world = first_day(self.beginnings, self.everything)
        for change in self.everything:
            if change.on <= day:
                apply(world, change)
        return world

    def on(self, day: date) -> dict[int, Standing]:
        """Answer how every school stands on a day; a change is in force from its own day on."""
        return self._replayed(day).schools

    def with_change(self, change: Change) -> "Chronicle":
        """Answer the chronicle with one change more, wherever its day lies.

        Raises: Impossible, saying which recorded change it contradicts if it is not impossible by itself.
        """
        try:
            return Chronicle(self.beginnings, [*self.changes, change])
        except Impossible as refusal:
            if refusal.change == change:
                raise
            sentence = _("Это спорит с уже записанным изменением «{told}». {why}").format(
                told=told(refusal.change), why=refusal.sentence
            )
            raise Impossible(sentence, change, refusal.change) from refusal

    def without(self, change: Change) -> "Chronicle":
        """Answer the chronicle as if a change had never been recorded.

        Raises: DependsOn, saying which later change must be taken back first.
        """
        rest = [other for other in self.changes if other.number != change.number]
        beginnings = dict(self.beginnings)
        try:
            for school in change.schools:
                _refuse_first_of_chain(change, school, rest)
                beginnings[school] = self._before(beginnings[school], change, school, rest)
            return Chronicle(beginnings, rest)
        except Impossible as refusal:
            sentence = _("Сначала отмените изменение «{told}». Иначе не сходится: {why}").format(
                told=told(refusal.change), why=refusal.sentence
            )
            raise DependsOn(sentence, change, refusal.change) from refusal

    @staticmethod
    def _before(beginning: Beginning, change: Change, school: int, rest: list[Change]) -> Beginning:
        """Answer what the register says of a school once the only change that told of something is gone."""
        mine = [other for other in rest if school in other.schools]
        told_still = any(
            other.changes_attribute_of(school) and other.attribute == change.attribute for other in mine
        )
        if change.changes_attribute_of(school) and not told_still:
            values = {**beginning.values, change.attribute: change.before}
            beginning = replace(beginning, values=values)
        if change.begins_with(school):
            beginning = replace(beginning, opened=None)
        if change.ends_with(school):
            beginning = replace(beginning, closed=None)
        return beginning

    def main_before(self, change: Change) -> int | None:
        """Answer whose branch the school of a change was just before it."""
        world = first_day(self.beginnings, self.everything)
        for earlier in self.everything:
            if earlier.place < change.place:
                apply(world, earlier)
        return world.schools[change.school].main if change.school is not None else None

    def of(self, school: int) -> list[Change]:
        """Answer the changes in which a school takes part, in order."""
        return [change for change in self.changes if school in change.schools]

    def successors(self, school: int) -> list[Link]:
        """Answer the schools that came after: those it went into, or that were split from it."""
        return [Link(heir, change) for change in self.changes for old, heir in ties(change) if old == school]

    def predecessors(self, school: int) -> list[Link]:
        """Answer the schools that came before."""
        return [Link(old, change) for change in self.changes for old, heir in ties(change) if heir == school]


def ties(change: Change) -> list[tuple[int, int]]:
    """Answer who came after whom by one change: pairs of the former school and its successor."""
    continuing = () if change.school is None else (change.school,)
    if change.kind == Kind.MERGE:
        return [(old, into) for into in (*continuing, *change.begins) for old in change.ends]
    if change.kind == Kind.SPLIT:
        return [(old, heir) for old in (*continuing, *change.ends) for heir in change.begins]
    return []


def _refuse_first_of_chain(change: Change, school: int, rest: list[Change]) -> None:
    """Refuse to take back what the next change of an attribute starts from (its «было»)."""
    if not change.changes_attribute_of(school):
        return
    chain = [
        other for other in rest if other.changes_attribute_of(school) and other.attribute == change.attribute
    ]
    if chain and change.place < chain[0].place:
        sentence = _("следующее изменение исходит из «{value}»").format(value=shown(change.after))
        raise Impossible(sentence, chain[0])
