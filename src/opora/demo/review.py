"""A second list of the demo, by a later rule, while it is being agreed: schools object, one is replaced."""

from datetime import date, timedelta

from opora.accounts.models import User
from opora.identification.actions import (
    Grounds,
    decide_objection,
    object_to_list,
    replace_school,
    send_for_agreement,
    start_run,
)
from opora.identification.models import Run, Verdict
from opora.identification.on_list import OnList
from opora.language import _
from opora.registry.models import Appointment, Region
from opora.registry.roles import Role

EDITION, YEARS = "federal-2021", [2018, 2019]  # reconstructed, and said so on every page


def show_list(region: Region, coordinator: User, today: date) -> Run:
    """Make a list and show it; one school waits for an answer, one has one, one is replaced by another."""
    run = start_run(EDITION, YEARS, region, coordinator)
    run = send_for_agreement(run, today + timedelta(days=10), coordinator)
    held = Appointment.objects.get(role=Role.MUNICIPAL_COORDINATOR, municipality__region=region)
    listed = _schools(run, listed=True)
    here = [one for one in listed if one.municipality_id == held.municipality_id]
    reasons = (
        _("В файле математики 5 класса двенадцать чужих работ: логин отличается последней цифрой."),
        _("Русский язык в 6 классе писали дважды, сосчитаны обе работы."),
    )
    objections = [
        object_to_list(OnList(run, one.list, one.school), reason, held.person)
        for one, reason in zip(here, reasons, strict=False)
    ]
    if len(objections) > 1:
        answer = Grounds(_("Сверили протоколы: в расчёт вошла одна работа каждого ученика."))
        decide_objection(objections[1], False, answer, coordinator)
    leaves = next((one for one in listed if one not in here[:2]), None)
    joins = next((one for one in _schools(run, listed=False) if leaves and one.list == leaves.list), None)
    if leaves is None or joins is None:  # a tiny region
        return run
    because = Grounds(_("Школу закрывают на капитальный ремонт до конца учебного года."))
    replace_school(OnList(run, leaves.list, leaves.school), joins.school, because, coordinator)
    return run


def _schools(run: Run, listed: bool) -> list[Verdict]:
    """Answer the verdicts on schools without people of their own, who would rather decide themselves."""
    found = Verdict.objects.filter(run=run, listed=listed, excluded="", school__appointments=None)
    return list(found.select_related("school").order_by("sort_key", "school_id"))
