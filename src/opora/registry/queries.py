"""What the registry answers other rooms."""

from collections.abc import Iterable, Mapping
from datetime import date

from opora.accounts.models import User
from opora.registry import codes
from opora.registry.access import reach
from opora.registry.codes import WrongCode
from opora.registry.models import School


def schools_by_code(written: Iterable[str], by: User, today: date, region: str = "") -> Mapping[str, int]:
    """Answer the schools behind codes as files write them, among those somebody may bring results of.

    A code is a ВПР login (``edu…`` too), a code in РИС ГИА (of the region), or an ИНН that only one school
    has. A code that is not in the answer is unknown, or not the person's to speak of.
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
    return {text: found[key][0] for text, key in wanted.items() if len(found.get(key, [])) == 1}


def _form(text: str) -> tuple[str, str] | None:
    """Answer which code a text is, in its one written form."""
    for kind, read in (("vpr_login", codes.vpr_login), ("inn", codes.inn), ("ris_code", codes.ris_code)):
        try:
            return kind, read(text)
        except WrongCode:
            continue
    return None
