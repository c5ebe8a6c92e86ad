"""What surveys and risk profiles ask of a school and its curator."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.access import visible_links, visible_profiles
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.campaigns.reminders.query import behind
from opora.diagnostics.models import Campaign, SchoolProfile, SurveyLink, Verification
from opora.diagnostics.verification.actions import DEEDS
from opora.language import _
from opora.registry.access import reach
from opora.registry.models import School
from opora.ui.components import Task
from opora.ui.numbers import day

MOST = 5  # of one kind
NEWS = timedelta(days=180)  # a profile that was put out longer ago hurries nobody


def survey_tasks(person: User, today: date) -> Iterator[Task]:
    """Answer the surveys in which one's own schools are behind, and the profiles that wait for one's word."""
    yield from _behind(person, today)
    yield from _unsigned(person, today)


def _behind(person: User, today: date) -> Iterator[Task]:
    own = reach(person, today, "hand_out_codes").schools
    if not own:
        return
    is_on = Q(campaign__opens_on__lte=today, campaign__closes_on__gte=today)
    links = visible_links(person, today, "hand_out_codes").filter(
        is_on, campaign__state=Campaign.State.OPEN, school__in=own
    )
    by_campaign: dict[Campaign, list[SurveyLink]] = {}
    for link in links.select_related("campaign", "school").order_by("campaign__closes_on", "school", "pk"):
        by_campaign.setdefault(link.campaign, []).append(link)
    counted = answered(link.pk for mine in by_campaign.values() for link in mine)
    names: dict[int, School] = {link.school_id: link.school for mine in by_campaign.values() for link in mine}
    late = [(one, school) for one, mine in by_campaign.items() for school in behind(mine, counted)]
    for campaign, school in late[:MOST]:
        href = reverse("diagnostics:school", args=(campaign.pk, school))
        word = _("до {day}").format(day=day(campaign.closes_on))
        note = f"{campaign.title}, {names[school]}"
        yield Task(_("Передать приглашения к анкетам: ответили ещё не все"), href, "attention", word, note)


def _unsigned(person: User, today: date) -> Iterator[Task]:
    for side, deed in DEEDS.items():
        own = reach(person, today, deed)
        if not own:
            continue
        words = Verification.objects.filter(
            campaign=OuterRef("release__campaign"),
            school=OuterRef("school"),
            side=side,
            signed_at__isnull=False,
        )
        newer = SchoolProfile.objects.filter(school=OuterRef("school"), release__gt=OuterRef("release"))
        waiting = (
            visible_profiles(person, today)
            .filter(own.within(school="school"), release__at__date__gte=today - NEWS)
            .exclude(Exists(words))
            .exclude(Exists(newer))
            .select_related("release__campaign", "school")
            .order_by("pk")
        )
        for one in waiting[:MOST]:
            campaign = one.release.campaign
            href = reverse("diagnostics:verification", args=(campaign.pk, one.school_id))
            note = f"{campaign.title}, {one.school}"
            yield Task(_("Верифицировать рисковый профиль"), href, "attention", _("ждёт подписи"), note)
