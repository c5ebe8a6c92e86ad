"""A change as a person tells it, before it is recorded: what the form gives and the preview shows."""

from dataclasses import dataclass
from datetime import date

from opora.language import _
from opora.registry.history.changes import ATTRIBUTES, CODES, Change, Kind, Value
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.states import Impossible
from opora.registry.models import Municipality, School

LAST = 2**62  # a change that is not recorded yet comes after all that are


class NotYet(ValueError):
    """The day of a change has not come."""


@dataclass(frozen=True)
class Draft:
    """What a person tells of a change (черновик изменения).

    before: told only where the chronicle does not know what was before, or knows it wrongly.
    """

    kind: Kind
    on: date
    order_number: str
    order_date: date
    school: School | None = None
    ends: tuple[School, ...] = ()
    begins: tuple[School, ...] = ()
    main: School | None = None
    municipality_before: Municipality | None = None
    municipality_after: Municipality | None = None
    after: str = ""
    short_after: str = ""
    before: str = ""
    short_before: str = ""
    shares: tuple[tuple[int, int], ...] = ()

    @property
    def named(self) -> tuple[School, ...]:
        """Answer the schools that the person named."""
        some = (one for one in (self.school, self.main) if one is not None)
        return (*some, *self.ends, *self.begins)

    @property
    def region(self) -> str:
        """Answer the region of the change."""
        if self.named:
            return self.named[0].region_id
        if self.municipality_before is None:
            raise ValueError(_("Не названа школа, которой касается изменение"))
        return self.municipality_before.region_id

    def change(self, chronicle: Chronicle, number: int = LAST) -> Change:
        """Answer the change as the rules know it; what was before is asked of the chronicle.

        Raises: Impossible.
        """
        moved = self._moved(chronicle) if self.kind == Kind.REFORM else ()
        change = Change(
            number,
            self.kind,
            self.on,
            self.school.pk if self.school else None,
            tuple(school.pk for school in self.ends),
            tuple(school.pk for school in self.begins),
            moved,
            self.main.pk if self.main else None,
            self._before(chronicle),
            self._after(),
            self.shares,
        )
        if not change.schools:
            raise Impossible(_("В этом муниципалитете на этот день нет ни одной школы"), change)
        return change

    def _after(self) -> Value:
        if self.kind == Kind.RENAME:
            return self.after, self.short_after
        if self.kind in (Kind.MOVE, Kind.REFORM):
            return self.municipality_after.pk if self.municipality_after else None
        return self.after if self.kind in (Kind.FOUNDER, *CODES) else None

    def _before(self, chronicle: Chronicle) -> Value:
        if self.kind == Kind.REFORM:
            return self.municipality_before.pk if self.municipality_before else None
        if self.school is None or self._after() is None:
            return None
        now = chronicle.on(self.on)[self.school.pk].values[ATTRIBUTES[self.kind]]
        if self.kind == Kind.RENAME and self.before:
            return self.before, self.short_before
        return self.before or now

    def _moved(self, chronicle: Chronicle) -> tuple[int, ...]:
        before = self.municipality_before.pk if self.municipality_before else None
        standing = chronicle.on(self.on)
        return tuple(pk for pk, one in standing.items() if one.exists and one.municipality == before)
