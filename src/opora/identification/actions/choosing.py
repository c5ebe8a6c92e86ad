"""Participants are chosen of a list, and schools fixed in or out by hand, with reasons."""

import polars as pl
from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.actions.runs import told_of
from opora.identification.candidates import candidates, chosen, known_features
from opora.identification.models import ParticipantChoice, Run
from opora.language import _
from opora.methodology.choosing.choice import Selection, SelectionError
from opora.registry.access import NotAllowed, reach
from opora.registry.models import School

__all__ = ["SelectionError", "choose_participants", "drop_choice", "fix_school"]


def choose_participants(
    run: Run, name: str, count: int, asked: dict[str, int], by: User
) -> ParticipantChoice:
    """Choose so many schools of a list that represent it best under quotas (отобрать участников).

    ``asked``: least, most, rural, kinds, as the model has them.
    Raises: NotAllowed; SelectionError with what cannot hold together.
    Records: identification.choose_participants.
    """
    _may(run, by)
    table = candidates(run, name)
    found = chosen(table, count, asked, {})
    with transaction.atomic():
        choice = ParticipantChoice(
            run=run, territory_id=run.territory_id, list=name, count=count, asked=asked, by=by
        )
        _keep(choice, table, found)
        record(
            "identification.choose_participants",
            by,
            run,
            **told_of(run, by, "try_lists"),
            count=count,
            quotas=asked,
            choice=choice.pk,
        )
    return choice


def fix_school(
    choice: ParticipantChoice, school: School, way: str, reason: str, by: User
) -> ParticipantChoice:
    """Put a school in by hand, leave it out, or let it go free again, and choose the others anew.

    ``way``: in, out or free; a reason is needed for the first two.
    Raises: NotAllowed; SelectionError, and nothing was changed then.
    Records: identification.fix_participant.
    """
    _may(choice.run, by)
    reason = " ".join(reason.split())
    if way != "free" and not reason:
        raise SelectionError(_("Назовите причину: её прочтут те, кто смотрит отбор"))
    with transaction.atomic():
        choice = ParticipantChoice.objects.select_for_update().select_related("run").get(pk=choice.pk)
        fixed = {number: one for number, one in choice.fixed.items() if number != str(school.pk)}
        if way != "free":
            fixed[str(school.pk)] = {"way": way, "reason": reason}
        table = candidates(choice.run, choice.list)
        found = chosen(table, choice.count, choice.asked, fixed)
        choice.fixed = fixed
        _keep(choice, table, found)
        record(
            "identification.fix_participant",
            by,
            choice.run,
            **told_of(choice.run, by, "try_lists"),
            school_name=str(school),
            way=way,
            reason=reason,
            choice=choice.pk,
        )
    return choice


@transaction.atomic
def drop_choice(choice: ParticipantChoice, by: User) -> None:
    """Forget a choice that one has made oneself.

    Raises: NotAllowed.
    Records: identification.drop_choice.
    """
    _may(choice.run, by)
    if choice.by_id != by.pk:
        raise NotAllowed(_("Убрать отбор может тот, кто его сделал"))
    told = told_of(choice.run, by, "try_lists")
    record("identification.drop_choice", by, choice.run, **told, count=choice.count, choice=choice.pk)
    choice.delete()


def _keep(choice: ParticipantChoice, table: pl.DataFrame, found: Selection) -> None:
    rows = table.rows_by_key("school", named=True, unique=True)
    choice.features = list(known_features(table))
    choice.chosen = sorted(rows[name]["pk"] for name in found.chosen)
    choice.objective, choice.bound = found.objective, found.bound
    choice.save()


def _may(run: Run, by: User) -> None:
    if not reach(by, timezone.localdate(), "try_lists").holds_region(run.territory_id):
        raise NotAllowed(
            _("Отбирать участников могут координатор этой территории, аналитик и федеральный оператор")
        )
