"""Scenarios are kept and dropped; a run made with other numbers says which."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.identification.actions.runs import told_of
from opora.identification.models import Run, Scenario
from opora.language import _
from opora.registry.access import NotAllowed, reach


class CannotKeep(Exception):
    """The scenario cannot be kept as it was named: the sentence says why."""


@transaction.atomic
def save_scenario(run: Run, title: str, tried: dict[str, Any], by: User) -> Scenario:
    """Keep numbers that were tried, with what they make of the run's list (сохранить сценарий).

    ``tried``: list, changes, years, listed, entered, left, as the model has them.
    Raises: NotAllowed; CannotKeep.
    Records: identification.save_scenario.
    """
    _may_try(run, by)
    title = " ".join(title.split())
    if not title:
        raise CannotKeep(_("Назовите сценарий"))
    try:
        with transaction.atomic():
            kept = Scenario.objects.create(
                run=run, territory_id=run.territory_id, title=title, by=by, **tried
            )
    except IntegrityError:
        raise CannotKeep(
            _("Сценарий «{title}» у этого перечня уже есть: назовите иначе").format(title=title)
        ) from None
    record("identification.save_scenario", by, run, **_told(run, by), scenario=title, changes=kept.changes)
    return kept


@transaction.atomic
def drop_scenario(scenario: Scenario, by: User) -> None:
    """Forget numbers that one has kept oneself (убрать сценарий).

    Raises: NotAllowed.
    Records: identification.drop_scenario.
    """
    _may_try(scenario.run, by)
    if scenario.by_id != by.pk:
        raise NotAllowed(_("Убрать сценарий может тот, кто его сохранил"))
    record(
        "identification.drop_scenario", by, scenario.run, **_told(scenario.run, by), scenario=scenario.title
    )
    scenario.delete()


def _may_try(run: Run, by: User) -> None:
    if not reach(by, timezone.localdate(), "try_lists").holds_region(run.territory_id):
        raise NotAllowed(
            _("Пробовать другие числа могут координатор этой территории, аналитик и федеральный оператор")
        )


def _told(run: Run, by: User) -> dict[str, Any]:
    return told_of(run, by, "try_lists")
