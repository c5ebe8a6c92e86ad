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
    far = reach(by, today, "import_results")
    logins = {form for kind, form in wanted.values() if kind == "vpr_login"}
    numbers = {form for kind, form in wanted.values() if kind == "ris_code"}
    taxpayers = {form for kind, form in wanted.values() if kind == "inn"}
    schools = School.objects.filter(far.within())
    found: dict[tuple[str, str], list[int]] = {}
    rows = [*schools.filter(vpr_login__in=logins).values_list("pk", "vpr_login", "ris_code", "inn")]
    if numbers:
        here = schools.filter(region=region) if region else schools
        rows += here.filter(ris_code__in=numbers).values_list("pk", "vpr_login", "ris_code", "inn")
    if taxpayers:
        rows += schools.filter(inn__in=taxpayers).values_list("pk", "vpr_login", "ris_code", "inn")
    for pk, login, number, taxpayer in set(rows):
        for key in (("vpr_login", login), ("ris_code", number), ("inn", taxpayer)):
            found.setdefault(key, []).append(pk)
    return {text: found[key][0] for text, key in wanted.items() if len(found.get(key, [])) == 1}


def _form(text: str) -> tuple[str, str] | None:
    """Answer which code a text is, in its one written form."""
    for kind, read in (("vpr_login", codes.vpr_login), ("inn", codes.inn), ("ris_code", codes.ris_code)):
        try:
            return kind, read(text)
        except WrongCode:
            continue
    return None
