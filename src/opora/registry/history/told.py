"""Reads recorded changes from the database as the rules know them, and turns back what follows from them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from opora.registry.change_model import SchoolChange
from opora.registry.history.changes import CODES, Beginning, Change, Kind
from opora.registry.history.chronicle import Chronicle
from opora.registry.history.states import Standing
from opora.registry.models import School

LONGEST_FORMER = 5_000


def chronicle_of(region: str, schools: Iterable[int] = (), municipality: int | None = None) -> Chronicle:
    """Answer the chronicle of a region: its changes, the schools in them, and some besides.

    ``municipality`` adds its schools.
    """
    changes = list(SchoolChange.objects.filter(region=region, taken_back_at=None))
    known = {*schools, *(school for change in changes for school in change.schools)}
    wanted = Q(pk__in=known)
    if municipality is not None:
        wanted |= Q(municipality=municipality)
    register = {row.pk: beginning(row) for row in School.objects.filter(wanted, region=region)}
    for change in changes:  # a school whose row the reader may not see is known by its name alone
        for school, name in change.names.items():
            register.setdefault(int(school), Beginning({"name": (name, name)}))
    return Chronicle(register, [change_of(change) for change in changes])


def beginning(school: School) -> Beginning:
    """Answer what the register says of a school."""
    return Beginning(
        {
            "name": (school.name, school.short_name),
            "municipality": school.municipality_id,
            "founder": school.founder,
            **{kind.value: getattr(school, kind.value) for kind in CODES},
        },
        school.opened_on,
        school.closed_on,
    )


def change_of(row: SchoolChange) -> Change:
    """Answer a recorded change as the rules know it."""
    before: Any = row.before
    after: Any = row.after
    if row.kind == Kind.RENAME:
        before, after = (row.before, row.short_before), (row.after, row.short_after)
    elif row.kind in (Kind.MOVE, Kind.REFORM):
        before, after = row.municipality_before_id, row.municipality_after_id
    return Change(
        row.pk,
        Kind(row.kind),
        row.on,
        row.school_id,
        tuple(row.ends),
        tuple(row.begins),
        tuple(row.moved),
        row.main_id,
        before,
        after,
        tuple((school, share) for school, share in row.shares),
    )


def settle(school: School, chronicle: Chronicle, today: date) -> None:
    """Put into a school's row what follows from the chronicle today; nothing is written yet.

    A day of the register stays where no change tells of an opening or an end, or ever told.
    """
    standing = chronicle.on(today)[school.pk]
    values = standing.values
    school.name, school.short_name = values["name"]
    school.municipality_id, school.founder = values["municipality"], values["founder"]
    school.vpr_login, school.ris_code, school.inn = (values[kind.value] for kind in CODES)
    school.main_id = standing.main
    mine = chronicle.of(school.pk)
    begun = next((change.on for change in mine if change.begins_with(school.pk)), None)
    register = chronicle.beginnings[school.pk]
    school.opened_on = begun or register.opened
    school.closed_on = _closed(school.pk, standing, register)
    school.former = " ".join(dict.fromkeys(_former(school.pk, mine, standing)))[:LONGEST_FORMER]


def _closed(school: int, standing: Standing, register: Beginning) -> date | None:
    if standing.exists:
        return None
    return standing.ended.on if standing.ended else register.closed


def _former(school: int, changes: Iterable[Change], standing: Standing) -> Iterable[str]:
    """Answer the names and codes that a school had and has no longer."""
    for change in changes:
        if change.changes_attribute_of(school) and change.kind in (Kind.RENAME, *CODES):
            now = standing.values[change.attribute]
            told = change.before if isinstance(change.before, tuple) else (change.before,)
            kept = now if isinstance(now, tuple) else (now,)
            yield from (text for text in told if text and text not in kept)
