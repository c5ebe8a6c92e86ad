"""Deeds of a verification: each side keeps what it says, signs it, takes the signature back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import visible_profiles
from opora.diagnostics.models import Campaign, SchoolProfile, Verification
from opora.diagnostics.verification.said import said_of
from opora.language import _
from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.verification import Opinion, lacks
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import School
from opora.registry.refusals import ChangedMeanwhile, NotWhole, Signed

DEEDS = {Verification.Side.SCHOOL: "verify_for_school", Verification.Side.CURATOR: "verify_as_curator"}
LONGEST = 2_000  # characters of a reason or of measures


@dataclass(frozen=True)
class Part:
    """Whose words: a side of the verification of a school's profile in a campaign."""

    campaign: Campaign
    school: School
    side: str


@dataclass(frozen=True)
class Words:
    """What one side says, as a page sends it; chosen, measures and few_reason count for the school alone."""

    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    few_reason: str = ""


def sides_of(person: User, school: School, today: date) -> tuple[str, ...]:
    """Answer for which sides somebody speaks at a school."""
    return tuple(
        side
        for side, deed in DEEDS.items()
        if School.objects.filter(reach(person, today, deed).within(), pk=school.pk).exists()
    )


@transaction.atomic
def keep_words(part: Part, words: Words, version: int, by: User) -> Verification:
    """Keep what a side says of the profile of a school. What names no factor of the edition is left out.

    Raises: NotAllowed; Signed; ChangedMeanwhile.
    Records: diagnostics.verify_profile.
    """
    own, edition = _own(part, by)
    if own.signed_at:
        raise Signed
    if own.version != version:
        raise ChangedMeanwhile
    names = {factor.name for factor in edition.factors}
    own.opinions = {
        name: [one.agrees, one.reason.strip()[:LONGEST]]
        for name, one in words.opinions.items()
        if name in names
    }
    if part.side == Verification.Side.SCHOOL:
        own.chosen = [name for name in dict.fromkeys(words.chosen) if name in names]
        own.measures = {
            name: text.strip()[:LONGEST]
            for name, text in words.measures.items()
            if name in names and text.strip()
        }
        own.few_reason = words.few_reason.strip()[:LONGEST]
    own.version, own.by = version + 1, by
    own.save()
    record("diagnostics.verify_profile", by, own, **_told(own, by))
    return own


@transaction.atomic
def sign(part: Part, version: int, by: User) -> Verification:
    """Sign what a side says.

    Raises: NotAllowed; Signed; ChangedMeanwhile; NotWhole.
    Records: diagnostics.sign_verification.
    """
    own, edition = _own(part, by)
    if own.signed_at:
        raise Signed
    if own.version != version:
        raise ChangedMeanwhile
    if found := lacks(said_of([own]), part.side, edition):
        raise NotWhole(found)
    own.signed_at, own.signed_by = timezone.now(), by
    own.save()
    record("diagnostics.sign_verification", by, own, **_told(own, by))
    return own


@transaction.atomic
def take_back(part: Part, by: User) -> Verification:
    """Take a side's signature back; what it says stays and can be changed again.

    Raises: NotAllowed.
    Records: diagnostics.take_verification_back, where it was signed.
    """
    own, _edition = _own(part, by)
    if own.signed_at:
        own.signed_at = own.signed_by = None
        own.version += 1
        own.save()
        record("diagnostics.take_verification_back", by, own, **_told(own, by))
    return own


def _own(part: Part, by: User) -> tuple[Verification, ProfileEdition]:
    """Take a side's record to change it, made at its first word; nobody else changes it meanwhile."""
    today = timezone.localdate()
    profile = _profile(part, by, today)
    if profile is None or part.side not in sides_of(by, part.school, today):
        raise NotAllowed(_("За эту сторону говорит сама школа или её куратор"))
    told: dict[str, Any] = {"campaign": part.campaign, "school": part.school, "side": part.side}
    own, _made = Verification.objects.select_for_update(of=("self",)).get_or_create(
        **told, defaults={"region": profile.region, "municipality": profile.municipality, "by": by}
    )
    return own, load_edition(profile.release.edition)


def _profile(part: Part, by: User, today: date) -> SchoolProfile | None:
    release = part.campaign.releases.first()
    latest = visible_profiles(by, today).filter(release=release, school=part.school)
    return latest.select_related("release", "region", "municipality").first()


def _told(own: Verification, by: User) -> dict[str, Any]:
    deed = DEEDS[Verification.Side(own.side)]
    return {
        "region": own.region_id,
        "municipality": own.municipality_id,
        "school": own.school_id,
        "role": role_for(by, deed, timezone.localdate(), own.region_id),
        "title": own.campaign.title,
        "school_name": str(own.school),
    }
