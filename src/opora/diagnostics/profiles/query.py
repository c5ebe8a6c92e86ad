"""The data of the pages of risk profiles."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.core.paginator import Paginator
from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.access import visible_profiles
from opora.diagnostics.campaigns.pages import CampaignHead
from opora.diagnostics.campaigns.query import campaign_head
from opora.diagnostics.models import Campaign, ProfileRelease, SchoolProfile
from opora.diagnostics.profiles.kept import rows
from opora.diagnostics.profiles.pages import (
    FactorCard,
    LevelCell,
    Made,
    ProfilePage,
    ProfileRow,
    ProfilesPage,
)
from opora.diagnostics.profiles.telling import STATES, factor_cards, fields_of
from opora.diagnostics.questionnaires import is_shipped, load, profiled
from opora.diagnostics.wording import form_title
from opora.language import _
from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.levels import HIGH, NO_DATA, cut_words
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.words import disagreement_line, level_name, response_sentence
from opora.ui.components import Crumb
from opora.ui.numbers import day, number
from opora.ui.pictures.bars import Bar, Bars
from opora.ui.pictures.levels import LevelPlot, LevelRow

A_PAGE = 50
KINDS = {"official text": "official", "reconstructed": "reconstructed", "Opora default": "default"}
Levels = Campaign.Levels


def profiles_page(viewer: User, today: date, campaign: Campaign, only: str, page: int) -> ProfilesPage:
    """Answer the profiles of a campaign's schools that one sees, those with most high factors first.

    ``only``: the name of a factor that is high there, or "" for all.
    """
    head, crumbs = campaign_head(campaign, today), _crumbs(campaign, Crumb(_("Рисковые профили")))
    release = campaign.releases.first()
    if release is None:
        return ProfilesPage(head, crumbs, None, waits=_waits(head))
    edition = load_edition(release.edition)
    own = visible_profiles(viewer, today).filter(release=release).select_related("school", "municipality")
    every = list(own.defer("told"))
    names = [factor.name for factor in edition.factors]
    high = Counter(name for one in every for name in names if one.levels.get(name) == HIGH)
    only = only if only in names else ""
    kept = [one for one in every if not only or one.levels.get(only) == HIGH]
    listed = sorted(kept, key=lambda one: (-_high(one), one.school.sort_key))
    paging = Paginator([_row(one, edition) for one in listed], A_PAGE).get_page(page)
    return ProfilesPage(
        head=head,
        crumbs=crumbs,
        made=_made(campaign, release, edition, today),
        picture=_bars(every, edition, high),
        chosen="".join(str(factor.title) for factor in edition.factors if factor.name == only),
        rows=tuple(paging.object_list),
        paging=paging,
        schools=len(every),
    )


def _waits(head: CampaignHead) -> str:
    """Say why there are no profiles yet."""
    if not head.has_ended:
        said = _("Профили составляются, когда опрос завершён. Последний день опроса — {day}.")
        return said.format(day=day(head.ends_on))
    said = _(
        "Профили составляются, обычно за несколько минут. Если ни одна группа не набрала пяти ответов — "
        "после {day}, когда поздние анкеты перестанут приниматься. Если не ответил никто, профилей не будет."
    )
    return said.format(day=day(head.taken_until))


def _crumbs(campaign: Campaign, *last: Crumb) -> tuple[Crumb, ...]:
    own = Crumb(campaign.title, reverse("diagnostics:campaign", args=(campaign.pk,)))
    return (Crumb(_("Опросы"), reverse("diagnostics:campaigns")), own, *last)


def _high(one: SchoolProfile) -> int:
    return sum(level == HIGH for level in one.levels.values())


def _row(one: SchoolProfile, edition: ProfileEdition) -> ProfileRow:
    cells = []
    for factor in edition.factors:
        level = one.levels.get(factor.name, NO_DATA)
        cells.append(LevelCell(STATES[level], level_name(level), str(factor.title)))
    unknown = sum(cell.state == "none" for cell in cells)
    return ProfileRow(
        one.school_id, str(one.school), one.municipality.name, tuple(cells), _high(one), unknown
    )


def _bars(every: Sequence[SchoolProfile], edition: ProfileEdition, high: Counter[str]) -> Bars:
    bars = [
        Bar(
            f"{place}. {factor.title}",
            high[factor.name],
            _("{high} из {known}").format(
                high=high[factor.name],
                known=sum(one.levels.get(factor.name, NO_DATA) != NO_DATA for one in every),
            ),
            href=f"?only={factor.name}" if high[factor.name] else None,
        )
        for place, factor in enumerate(edition.factors, 1)
    ]
    title = _("У скольких школ фактор высокой значимости")
    return Bars(title, sorted(bars, key=lambda bar: -(bar.value or 0)), maximum=max(len(every), 1))


def _made(campaign: Campaign, release: ProfileRelease, edition: ProfileEdition, today: date) -> Made:
    middle, high = cut_words(edition)
    told = {
        Levels.FIXED: _("Средняя значимость — от {middle} баллов, высокая — от {high}.").format(
            middle=number(middle), high=number(high)
        ),
        Levels.CAMPAIGN: _("Уровни — по месту среди школ опроса: трети."),
        Levels.GROUP: _("Уровни — по месту среди школ региона в этом опросе: трети."),
    }
    head = campaign_head(campaign, today)
    return Made(
        at=release.at,
        edition=str(edition.title),
        kind=KINDS[edition.status],
        levels=told[Levels(campaign.levels)],
        is_last=release.wave > 0 or today > head.taken_until,
    )


def profile_page(campaign: Campaign, profile: SchoolProfile, today: date) -> ProfilePage:
    """Answer the profile of a school; ``profile`` is one that they see, its release and school read."""
    edition = load_edition(profile.release.edition)
    told, school = profile.told, profile.school
    cards = factor_cards(told, edition, fields_of(campaign.forms))
    asked = {load(name).audience for name in profiled(campaign.forms)}
    everyone = Crumb(_("Рисковые профили"), reverse("diagnostics:profiles", args=(campaign.pk,)))
    return ProfilePage(
        head=campaign_head(campaign, today),
        crumbs=_crumbs(campaign, everyone, Crumb(str(school))),
        school=school.pk,
        name=str(school),
        place=profile.municipality.name,
        made=_made(campaign, profile.release, edition, today),
        picture=_picture(profile, edition, cards),
        factors=cards,
        beyond=tuple(form_title(name) for name in campaign.forms if not is_shipped(name)),
        responses=tuple(
            response_sentence(row) for row in rows(told, "responses") if row["audience"] in asked
        ),
        disagreements=tuple(disagreement_line(row, edition) for row in rows(told, "disagreements")),
    )


def _picture(profile: SchoolProfile, edition: ProfileEdition, cards: Sequence[FactorCard]) -> LevelPlot:
    """Draw the factors, the greatest risk first; those without data last."""
    own = {row["factor"]: row for row in rows(profile.told, "factors")}
    near = {row["factor"]: row["median"] for row in rows(profile.told, "beside")}
    drawn = [
        LevelRow(
            label=card.title,
            state=card.state,
            word=card.level,
            value=card.points,
            low=own[card.name]["low"],
            high=own[card.name]["high"],
            middle_from=own[card.name]["middle_from"],
            high_from=own[card.name]["high_from"],
            beside=near.get(card.name),
            href=f"#{card.name}",
        )
        for card in sorted(cards, key=lambda card: -1 if card.points is None else card.points, reverse=True)
    ]
    beside = _("середина похожих школ") if any(row.beside is not None for row in drawn) else ""
    return LevelPlot(_("Рисковые факторы школы"), drawn, beside)
