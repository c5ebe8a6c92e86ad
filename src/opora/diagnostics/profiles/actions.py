"""Puts risk profiles out when a survey has ended, and again when late sheets have come (выпуск профилей)."""

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event
from typing import Any

import polars as pl
from django.db import connection, transaction
from django.db.models import Exists, JSONField, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from opora.audit.actions import record
from opora.diagnostics.models import Campaign, CountedGroups, ProfileRelease, SchoolProfile, Sheet
from opora.diagnostics.numbers import GRACE
from opora.diagnostics.profiles.beside import last_year, similar_schools
from opora.diagnostics.profiles.gathering import Gathered, gathered
from opora.diagnostics.profiles.kept import in_parts, packed, unpacked
from opora.lib.faults import told as told_fault
from opora.methodology.disclosure.publishing import Published, published
from opora.methodology.disclosure.release import continues
from opora.methodology.risk_profile.comparison import CHANGED, beside_similar, compared
from opora.methodology.risk_profile.profile import Profiles, profiles
from opora.questionnaires.editions import shipped

PAUSE = 60.0  # seconds between looks
AT_ONCE = 500  # profiles that are written together
State, Levels = Campaign.State, Campaign.Levels

log = logging.getLogger(__name__)


def due(today: date) -> list[Campaign]:
    """Answer the campaigns whose profiles are to be put out: ended, with sheets that no release has counted.

    The first release is made when a campaign has ended; the second, which is the last, when sheets that were
    filled in without a line are taken no longer.
    """
    uncounted = _uncounted(link__campaign=OuterRef("pk"))
    ended = Q(state=State.CLOSED) | Q(state=State.OPEN, closes_on__lt=today)
    found = Campaign.objects.filter(ended, Exists(uncounted)).prefetch_related("releases").order_by("pk")
    return [one for one in found if not one.releases.all() or _no_more_come(one, today)]


def _uncounted(**where: Any) -> QuerySet[Sheet]:
    """Answer the sheets that no release has counted, of the questionnaires that enter profiles."""
    return Sheet.objects.filter(wave=None, link__form__in=shipped(), **where)


def _no_more_come(campaign: Campaign, today: date) -> bool:
    return today > (campaign.closed_on or campaign.closes_on) + timedelta(days=GRACE)


@transaction.atomic
def release(campaign: Campaign, today: date) -> ProfileRelease | None:
    """Make the profiles of a campaign's schools and keep them; None where another program just did.

    It acts as the program itself: pages may not read sheets. Whoever mixes sheets waits meanwhile.
    Raises: ChangedAnswers, where what was put out before would have been another.
    Records: diagnostics.release_profiles.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7004::bigint << 40)")  # that of opora_mix_sheets
    if campaign.pk not in {one.pk for one in due(today)}:
        return None
    wave = campaign.releases.count()
    _uncounted(link__campaign=campaign).update(wave=wave)
    now = gathered(campaign, wave)
    if wave:
        continues(_before(campaign), now.crowd)
    found = _profiles(campaign, now)
    edition = now.year.edition
    made = ProfileRelease.objects.create(
        campaign=campaign,
        wave=wave,
        edition=edition.name,
        edition_digest=edition.digest,
        schools=len(now.places),
    )
    CountedGroups.objects.create(release=made, groups=packed(now.groups))
    for some in _rows(made, campaign, now, found):
        SchoolProfile.objects.bulk_create(some)
    record(
        "diagnostics.release_profiles",
        None,
        campaign,
        region=campaign.region_id,
        municipality=campaign.municipality_id,
        title=campaign.title,
        schools=made.schools,
    )
    return made


def _before(campaign: Campaign) -> Published:
    """Answer what the latest release was made of, as it was then."""
    kept = CountedGroups.objects.get(release=campaign.releases.first()).groups
    return published(unpacked(kept))


def _profiles(campaign: Campaign, now: Gathered) -> Profiles:
    regions = now.places.select("school", group="region")
    year = now.year
    return profiles(
        year.tables,
        year.facts,
        year.invited,
        year.edition,
        options=year.options,
        reference=regions if campaign.levels == Levels.GROUP else None,
        regions=regions,
        answered=now.people,
    )


def _rows(
    made: ProfileRelease, campaign: Campaign, now: Gathered, found: Profiles
) -> Iterator[list[SchoolProfile]]:
    before, mapping = last_year(campaign)
    tables = {
        "factors": found.factors,
        "indicators": found.indicators,
        "groups": found.groups,
        "sources": found.sources,
        "changes": found.changes,
        "responses": found.responses,
        "disagreements": found.disagreements.filter("found"),
        "beside": beside_similar(
            found.factors.select("school", "factor", "points"),
            similar_schools(campaign, now.places),
            now.year.edition,
        ),
        "changed": compared(now.year, before, mapping) if before else pl.DataFrame(schema=CHANGED),
    }
    levels: dict[str, dict[str, str]] = {}
    for school, factor, word in found.factors.select("school", "factor", "level").rows():
        levels.setdefault(school, {})[factor] = word
    for places, kept in in_parts(now.places, tables, AT_ONCE):
        yield [
            SchoolProfile(
                release=made,
                region_id=region,
                municipality_id=int(municipality),
                school_id=int(school),
                levels=levels.get(school, {}),
                # an expression, so that rows are written as values: as an array each quotation mark of each
                # profile is escaped in Python, which takes longer than all else that is written
                told=Value(kept.get(school, {}), JSONField()),
            )
            for school, region, municipality in places.select("school", "region", "municipality").rows()
        ]


def release_due() -> int:
    """Put out everything that is due; answer how many campaigns that were. A fault of one keeps no other."""
    made, today = 0, timezone.localdate()
    for campaign in due(today):
        try:
            made += release(campaign, today) is not None
        except Exception as fault:
            log.error(
                "profiles of campaign %s are not made for now\n%s",
                campaign.pk,
                told_fault(fault, words=False),
            )
            connection.close()
    return made


def keep_releasing(stop: Event) -> None:
    """Look again and again until told to stop."""
    while not stop.is_set():
        try:
            release_due()
        except Exception as fault:  # whatever it is, the sheets are there
            log.error("profiles are not made for now\n%s", told_fault(fault, words=False))
            connection.close()
        stop.wait(PAUSE)
    connection.close()
