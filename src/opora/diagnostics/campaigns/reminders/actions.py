"""Deeds of reminders: a coordinator reminds the schools that are behind, or the program does on its day."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import own_campaigns
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.campaigns.reminders.query import behind
from opora.diagnostics.campaigns.reminders.rule import latest_due
from opora.diagnostics.models import Campaign, Reminder, SurveyLink
from opora.language import _
from opora.registry.access import NotAllowed, role_for
from opora.registry.refusals import CannotDo


@transaction.atomic
def remind_now(campaign: Campaign, by: User) -> int:
    """Remind the schools that are behind today; answer how many that are. One that was today is not again.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.remind_schools.
    """
    today = timezone.localdate()
    mine = own_campaigns(by, today).select_for_update(of=("self",)).filter(pk=campaign.pk).first()
    if mine is None:
        raise NotAllowed(_("Опрос проводит координатор своей территории"))
    if mine.state != Campaign.State.OPEN or not mine.opens_on <= today <= mine.closes_on:
        raise CannotDo(_("Напоминают, пока опрос идёт"))
    made = _remind(mine, today, by)
    if not made:
        raise CannotDo(_("Напоминать некому: отстающих школ нет или им сегодня уже напомнили"))
    return made


@transaction.atomic
def remind_on_its_day(campaign: Campaign, today: date) -> int:
    """Remind the schools that are behind once for each day that the campaign names; answer how many.

    A day on which nothing ran is made good on the next.
    Records: diagnostics.remind_schools.
    """
    mine = Campaign.objects.select_for_update().get(pk=campaign.pk)
    due = latest_due(mine.opens_on, mine.closes_on, mine.reminds, today)
    if due is None or mine.state != Campaign.State.OPEN:
        return 0
    if mine.reminded_on and mine.reminded_on >= due:
        return 0
    mine.reminded_on = today
    mine.save(update_fields=["reminded_on"])
    return _remind(mine, today, None)


def _remind(campaign: Campaign, today: date, by: User | None) -> int:
    links = list(SurveyLink.objects.filter(campaign=campaign).order_by("pk"))
    late = set(behind(links, answered(link.pk for link in links)))
    before = set(Reminder.objects.filter(campaign=campaign, on=today).values_list("school", flat=True))
    places = {link.school_id: link for link in links if link.school_id in late - before}
    _keep(campaign, list(places.values()), today, by)
    if places:
        record(
            "diagnostics.remind_schools",
            by,
            campaign,
            region=campaign.region_id,
            municipality=campaign.municipality_id,
            role=role_for(by, "run_surveys", today, campaign.region_id) if by else "",
            title=campaign.title,
            schools=len(places),
        )
    return len(places)


def _keep(campaign: Campaign, places: Sequence[SurveyLink], today: date, by: User | None) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            campaign=campaign,
            region_id=link.region_id,
            municipality_id=link.municipality_id,
            school_id=link.school_id,
            on=today,
            by=by,
        )
        for link in places
    )


def note_written(reminder: Reminder, letters: int) -> None:
    """Keep that the letters of a reminder have gone out, and how many they were."""
    Reminder.objects.filter(pk=reminder.pk).update(letters=letters, written_at=timezone.now())
