"""A verification of the demo: the curator has signed and doubts one factor, the director is still writing."""

from opora.accounts.models import User
from opora.diagnostics.models import Campaign, SchoolProfile, Verification
from opora.diagnostics.verification.actions import Part, Words, keep_words, sign
from opora.language import _
from opora.methodology.risk_profile.levels import HIGH, MIDDLE
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.verification import Opinion
from opora.registry.models import Appointment, School
from opora.registry.roles import Role

Side = Verification.Side


def verify_profile(campaign: Campaign, school: School) -> None:
    """Let both sides of a school speak of its profile, where it has a director and a curator."""
    curator, director = held(Role.CURATOR, school), held(Role.DIRECTOR, school)
    if curator is None or director is None:
        return
    profile = SchoolProfile.objects.select_related("release").get(
        release=campaign.releases.first(), school=school
    )
    names = [factor.name for factor in load_edition(profile.release.edition).factors]
    risks = [name for name in names if profile.levels[name] in (HIGH, MIDDLE)]
    doubted = Opinion(
        False, _("На уроках, где я был, этого не видно: посмотрим вместе на следующей встрече.")
    )
    said = {name: doubted if name == risks[-1] else Opinion(True) for name in names}
    part = Part(campaign, school, Side.CURATOR)
    sign(part, keep_words(part, Words(said), 0, curator).version, curator)
    begun = Words(
        {name: Opinion(True) for name in names[:6]},
        tuple(risks[:1]),
        {risks[0]: _("Наставник из школы-лидера, две открытых недели уроков, план закупки до февраля.")},
    )
    keep_words(Part(campaign, school, Side.SCHOOL), begun, 0, director)


def held(role: Role, school: School) -> User | None:
    """Find who holds a role at a school. Empty: None."""
    found = Appointment.objects.filter(role=role, school=school, until=None).select_related("person").first()
    return found.person if found else None
