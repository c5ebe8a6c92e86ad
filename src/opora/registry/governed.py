"""Which fields of schools their recorded changes speak of: a table of schools does not overwrite these."""

from collections.abc import Iterable

from opora.registry.change_model import SchoolChange

FIELDS = {
    "rename": ("name", "short_name"),
    "founder": ("founder",),
    "move": ("municipality_id",),
    "reform": ("municipality_id",),
    "vpr_login": ("vpr_login",),
    "ris_code": ("ris_code",),
    "inn": ("inn",),
    "open": ("opened_on",),
    "close": ("closed_on",),
    "reopen": ("closed_on",),
}


def governed_fields(changes: Iterable[SchoolChange]) -> dict[int, set[str]]:
    """Answer the fields of each school that its changes speak of."""
    found: dict[int, set[str]] = {}
    for change in changes:
        told = FIELDS.get(change.kind, ())
        for school in (*([change.school_id] if change.school_id else []), *change.moved):
            found.setdefault(school, set()).update(told)
        for school in change.begins:
            found.setdefault(school, set()).add("opened_on")
        for school in change.ends:
            found.setdefault(school, set()).add("closed_on")
    return found
