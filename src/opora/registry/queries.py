"""What the registry answers other rooms."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from opora.accounts.models import User
from opora.registry import codes
from opora.registry.access import reach
from opora.registry.change_model import SchoolChange
from opora.registry.codes import WrongCode
from opora.registry.history.changes import CODES
from opora.registry.models import School


def schools_by_code(
    written: Iterable[str], by: User, today: date, region: str = "", on: date | None = None
) -> Mapping[str, int]:
    """Answer the schools behind codes as files write them, among those somebody may bring results of.

    A code is a ВПР login (``edu…`` too), a code in РИС ГИА (of the region), or an ИНН that only one school
    has. ``on`` is the day of the results: a code that moved since is that of the school that had it then.
    A code that is not in the answer is unknown, or not the person's to speak of.
    """
    wanted = {text: form for text in set(written) if (form := _form(text))}
    schools = School.objects.filter(reach(by, today, "import_results").within())
    found: dict[tuple[str, str], list[int]] = {}
    for kind in {kind for kind, _code in wanted.values()}:
        # A РИС code is a region's own: another region's school may have the same.
        here = schools.filter(region=region) if region and kind == "ris_code" else schools
        codes_of_kind = {code for other, code in wanted.values() if other == kind}
        for pk, code in here.filter(**{f"{kind}__in": codes_of_kind}).values_list("pk", kind):
            found.setdefault((kind, code), []).append(pk)
    _as_they_were(found, set(wanted.values()), schools, on or today)
    return {text: found[key][0] for text, key in wanted.items() if len(found.get(key, [])) == 1}


def _as_they_were(
    found: dict[tuple[str, str], list[int]],
    wanted: set[tuple[str, str]],
    schools: QuerySet[School],
    on: date,
) -> None:
    """Give codes that changed hands to the schools that had them on a day; a given up code is not unknown."""
    told = Q(before__in={code for _kind, code in wanted}) | Q(after__in={code for _kind, code in wanted})
    changes = SchoolChange.objects.filter(told, taken_back_at=None, kind__in=[one.value for one in CODES])
    mine = set(schools.filter(changes__in=changes).values_list("pk", flat=True)) if wanted else set()
    for change in changes.order_by("on", "pk"):
        if change.school_id not in mine:
            continue
        gone, come = (change.kind, change.before), (change.kind, change.after)
        if gone in wanted and on < change.on:
            found.setdefault(gone, [])
            if change.school_id not in found[gone]:
                found[gone].append(change.school_id)
        if come in wanted and on < change.on:
            found[come] = [pk for pk in found.get(come, []) if pk != change.school_id]
        if gone in wanted and change.on <= on:
            found[gone] = [pk for pk in found.get(gone, []) if pk != change.school_id]


def _form(text: str) -> tuple[str, str] | None:
    """Answer which code a text is, in its one written form."""
    for kind, read in (("vpr_login", codes.vpr_login), ("inn", codes.inn), ("ris_code", codes.ris_code)):
        try:
            return kind, read(text)
        except WrongCode:
            continue
    return None
