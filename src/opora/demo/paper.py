"""A pack of paper sheets of the demo: some typed twice, one of them differently, some only once."""

from collections.abc import Sequence
from typing import Any

from opora.accounts.models import User
from opora.diagnostics.models import SurveyLink
from opora.diagnostics.paper.actions import FIRST, SECOND, Entry, begin_pack, enter_sheet
from opora.diagnostics.questionnaires import load
from opora.questionnaires.form import Form
from opora.registry.models import Appointment
from opora.registry.roles import Role

SLIPPED = 1  # the sheet, from 0, of which two people typed different digits
ONCE = 2  # sheets that wait for their second entry


def type_some(link: SurveyLink, sheets: Sequence[dict[str, Any]]) -> None:
    """Let the director type sheets and somebody of the school team type most of them again."""
    director, again = (_at(link, role) for role in (Role.DIRECTOR, Role.SCHOOL_TEAM))
    form, pack = load(link.form), begin_pack(link, director)
    for number, sheet in enumerate(sheets):
        typed = enter_sheet(pack, Entry(number + 1, FIRST, sheet, 0), director)
        if number < len(sheets) - ONCE:
            read = _slipped(form, sheet) if number == SLIPPED else sheet
            enter_sheet(pack, Entry(number + 1, SECOND, read, typed.version), again)


def _at(link: SurveyLink, role: str) -> User:
    return Appointment.objects.select_related("person").get(school=link.school_id, role=role).person


def _slipped(form: Form, sheet: dict[str, Any]) -> dict[str, Any]:
    """Type two answers a step aside, as fingers do."""
    steps = [name for item in form.items.values() if item.scale for name in item.places]
    slips = [name for name in steps if isinstance(sheet.get(name), int)][:2]
    return sheet | {name: 1 if sheet[name] > 1 else 2 for name in slips}
