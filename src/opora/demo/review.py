"""What people do around the demo's lists: numbers are tried, participants chosen, schools object."""

from datetime import date, timedelta

from opora.accounts.models import User
from opora.identification.actions import (
    Grounds,
    choose_participants,
    decide_objection,
    fix_school,
    object_to_list,
    replace_school,
    save_scenario,
    send_for_agreement,
    start_run,
)
from opora.identification.models import Run, Verdict
from opora.identification.on_list import OnList
from opora.identification.what_if.difference import difference
from opora.identification.what_if.held import held
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


def try_numbers(run: Run, coordinator: User) -> None:
    """Keep a scenario of a list: what a threshold of 35 % would have made of it."""
    changes = {"low_share": {"value": "0.35", "comparison": "above"}}
    tried_on, name = held(run), run.lists[0]
    told = difference(tried_on.base, tried_on.ask(changes), name, tried_on.read.schools)
    counts = {"entered": len(told.entered), "left": len(told.left)}
    listed = int(told.schools["listed_after"].sum())
    kept = {"list": name, "changes": changes, "years": run.years, "listed": listed, **counts}
    save_scenario(run, _("Порог 35 % вместо 30 %"), kept, coordinator)


def choose_some(run: Run, coordinator: User) -> None:
    """Choose participants of a list, and take one more school by hand."""
    count = Verdict.objects.filter(run=run, list=run.lists[0], listed=True).count() // 3
    if count < 2:  # a tiny region
        return
    choice = choose_participants(run, run.lists[0], count, {"most": 2}, coordinator)
    left = Verdict.objects.filter(run=run, list=run.lists[0], listed=True).exclude(school__in=choice.chosen)
    because = _("Школа сама просится: команда готова начать с сентября.")
    fix_school(choice, left.order_by("sort_key")[0].school, "in", because, coordinator)


def _schools(run: Run, listed: bool) -> list[Verdict]:
    """Answer the verdicts on schools without people of their own, who would rather decide themselves."""
    found = Verdict.objects.filter(run=run, listed=listed, excluded="", school__appointments=None)
    return list(found.select_related("school").order_by("sort_key", "school_id"))
