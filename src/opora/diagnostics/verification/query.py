"""The data of the page of a verification."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.campaigns.query import campaign_head
from opora.diagnostics.models import Campaign, SchoolProfile, Verification
from opora.diagnostics.profiles.kept import rows
from opora.diagnostics.profiles.telling import STATES
from opora.diagnostics.verification.actions import Words as Given
from opora.diagnostics.verification.actions import sides_of
from opora.diagnostics.verification.pages import FactorTalk, Signature, VerificationPage, Words
from opora.diagnostics.verification.said import said_of
from opora.language import _
from opora.methodology.risk_profile.edition import Factor, ProfileEdition
from opora.methodology.risk_profile.levels import NO_DATA
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.verification import Lack, Lacking, Opinion, differing, proposed
from opora.methodology.risk_profile.verification import Verification as Said
from opora.methodology.risk_profile.words import level_name
from opora.ui.components import Crumb, Wrong

Side = Verification.Side


def verification_page(
    viewer: User, today: date, profile: SchoolProfile, given: Given | None = None, asked: str = ""
) -> VerificationPage:
    """Answer the verification of a profile that one sees, its release, campaign, school and place read.

    The words of another side are shown when it has signed them: until then they are a draft, its own.
    given: words that were typed and not kept: they are shown instead of what is kept. asked: the side for
    which somebody speaks who may for both.
    """
    campaign, school, edition = (
        profile.release.campaign,
        profile.school,
        load_edition(profile.release.edition),
    )
    kept = {one.side: one for one in _kept(campaign, profile)}
    may = sides_of(viewer, school, today)
    side = asked if asked in may else next(iter(may), "")
    own = kept.get(side)
    said = said_of(one for one in kept.values() if one.side == side or one.signed_at)
    if given is not None:
        said = _typed(said, side, given)
    seen = _seen(profile, edition)
    differ = set(differing(said, edition))
    is_signed = given is None and bool(own and own.signed_at)
    return VerificationPage(
        head=campaign_head(campaign, today),
        crumbs=_crumbs(campaign, profile),
        school=school.pk,
        name=str(school),
        place=profile.municipality.name,
        signatures=tuple(_signature(one, kept.get(one)) for one in Side),
        factors=tuple(_talk(factor, said, side, seen) for factor in edition.factors),
        side=side,
        is_signed=is_signed,
        may_choose=side == Side.SCHOOL and not is_signed,
        version=own.version if own else 0,
        least=int(edition.number("least_risks")),
        few_reason=said.few_reason,
        differing=tuple(str(factor.title) for factor in edition.factors if factor.name in differ),
    )


def _kept(campaign: Campaign, profile: SchoolProfile) -> Iterable[Verification]:
    found = Verification.objects.filter(campaign=campaign, school=profile.school)
    return found.select_related("signed_by")


def _typed(said: Said, side: str, given: Given) -> Said:
    """Put what somebody typed in the place of what is kept of their side."""
    told = replace(said, opinions={**said.opinions, side: given.opinions})
    if side != Side.SCHOOL:
        return told
    return replace(told, chosen=given.chosen, measures=given.measures, few_reason=given.few_reason)


@dataclass(frozen=True)
class _Seen:
    """What the profile tells: factor → level, factor → points, and the risks that it proposes."""

    levels: Mapping[str, str]
    points: Mapping[str, float | None]
    proposed: tuple[str, ...]


def _seen(profile: SchoolProfile, edition: ProfileEdition) -> _Seen:
    points = {row["factor"]: row["points"] for row in rows(profile.told, "factors")}
    return _Seen(profile.levels, points, proposed(profile.levels, points, edition))


def _talk(factor: Factor, said: Said, side: str, seen: _Seen) -> FactorTalk:
    level = seen.levels.get(factor.name, NO_DATA)
    words = {str(one): _words(one, said.opinions.get(one, {}).get(factor.name)) for one in Side}
    return FactorTalk(
        name=factor.name,
        title=str(factor.title),
        state=STATES[level],
        level=level_name(level),
        points=seen.points.get(factor.name),
        is_proposed=factor.name in seen.proposed,
        mine=words.get(side, Words("", "", "")),
        other=tuple(told for one, told in words.items() if one != side),
        is_chosen=factor.name in said.chosen,
        measures=said.measures.get(factor.name, ""),
    )


def _words(side: Verification.Side, opinion: Opinion | None) -> Words:
    says = "" if opinion is None else "yes" if opinion.agrees else "no"
    return Words(str(side.label), says, opinion.reason if opinion else "")


def _signature(side: Verification.Side, own: Verification | None) -> Signature:
    by = own.signed_by.full_name if own and own.signed_by else ""
    return Signature(str(side.label), own.signed_at if own else None, by)


def _crumbs(campaign: Campaign, profile: SchoolProfile) -> tuple[Crumb, ...]:
    here = (campaign.pk, profile.school_id)
    return (
        Crumb(_("Опросы"), reverse("diagnostics:campaigns")),
        Crumb(campaign.title, reverse("diagnostics:campaign", args=(campaign.pk,))),
        Crumb(_("Рисковые профили"), reverse("diagnostics:profiles", args=(campaign.pk,))),
        Crumb(str(profile.school), reverse("diagnostics:profile", args=here)),
        Crumb(_("Верификация")),
    )


def wrong_of(found: Iterable[Lack], titles: Mapping[str, str], least: int) -> tuple[Wrong, ...]:
    """Say what lacks before a side can sign, each at its place on the page."""
    return tuple(_wrong(one, titles.get(one.factor, ""), least) for one in found)


def _wrong(lack: Lack, title: str, least: int) -> Wrong:
    place = f"#{lack.factor}" if lack.factor else "#few_reason"
    said = {
        Lacking.OPINION: _("«{title}»: не сказано, согласны ли вы.").format(title=title),
        Lacking.REASON: _("«{title}»: напишите, почему не согласны.").format(title=title),
        Lacking.CHOICE: _("Взято меньше рисков, чем {least}: отметьте ещё или напишите почему.").format(
            least=least
        ),
        Lacking.MEASURES: _("«{title}»: риск взят в работу, напишите коротко, что сделаете.").format(
            title=title
        ),
    }
    return Wrong(said[lack.what], place)
