"""The data of the pages of campaigns."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.db.models import Count
from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.access import (
    own_campaigns,
    visible_campaigns,
    visible_links,
    visible_profiles,
)
from opora.diagnostics.campaigns.counting import Answered, answered
from opora.diagnostics.campaigns.pages import (
    CampaignHead,
    CampaignPage,
    CampaignRow,
    CampaignsPage,
    LinkCard,
    RemindersCard,
    SchoolRow,
    SchoolSurveyPage,
    Turnout,
)
from opora.diagnostics.campaigns.reminders.query import behind, reminded_on
from opora.diagnostics.models import Campaign, SurveyLink
from opora.diagnostics.numbers import ENOUGH, GRACE
from opora.diagnostics.on_paper import OnPaper, on_paper
from opora.diagnostics.questionnaires import is_shipped, load, profiled
from opora.diagnostics.wording import form_title, group_name, year_label
from opora.language import _
from opora.lib import square_code
from opora.registry.access import has_deed
from opora.registry.models import School
from opora.ui.components import Crumb

A_PAGE = 50
NONE = Answered(0, 0)
State = Campaign.State


def campaign_head(campaign: Campaign, today: date) -> CampaignHead:
    """Answer how a campaign is named and where it stands."""
    state = standing(campaign, today)
    ends_on = campaign.closed_on or campaign.closes_on
    place = campaign.municipality or campaign.region
    return CampaignHead(
        id=campaign.pk,
        title=campaign.title,
        place=place.name if place else _("Вся страна"),
        year=year_label(campaign.year),
        state=state,
        state_label={
            "draft": _("готовится"),
            "waiting": _("ещё не начался"),
            "open": _("идёт"),
            "over": _("срок вышел"),
            "closed": _("завершён"),
        }[state],
        opens_on=campaign.opens_on,
        ends_on=ends_on,
        taken_until=ends_on + timedelta(days=GRACE),
        forms=tuple(form_title(name) for name in campaign.forms),
    )


def standing(campaign: Campaign, today: date) -> str:
    """Say where a campaign stands on a day."""
    if campaign.state != State.OPEN:
        return str(campaign.state)
    if today < campaign.opens_on:
        return "waiting"
    return "over" if today > campaign.closes_on else "open"


def campaigns_page(viewer: User, today: date) -> CampaignsPage:
    """Answer all campaigns that somebody sees, the newest first."""
    found = list(visible_campaigns(viewer, today).select_related("region", "municipality"))
    links = visible_links(viewer, today).filter(campaign__in=found)
    told = links.values("campaign").annotate(schools=Count("school", distinct=True))
    schools = dict(told.values_list("campaign", "schools"))
    by_campaign: dict[int, list[SurveyLink]] = {}
    for link in links.only("id", "campaign_id", "invited"):
        by_campaign.setdefault(link.campaign_id, []).append(link)
    counted = answered(link.pk for mine in by_campaign.values() for link in mine)
    return CampaignsPage(
        rows=tuple(
            CampaignRow(
                campaign_head(one, today),
                schools.get(one.pk, 0),
                turnout(by_campaign.get(one.pk, ()), counted),
            )
            for one in found
        ),
        may_prepare=has_deed(viewer, "run_surveys", today),
    )


def turnout(links: Iterable[SurveyLink], counted: dict[int, Answered], name: str = "") -> Turnout:
    """Add up who was asked and who answered; a group nobody counted leaves the number of asked open."""
    mine = list(links)
    people = sum(counted.get(link.pk, NONE).answered for link in mine)
    known = [link.invited for link in mine if link.invited is not None]
    title, group = (form_title(name), group_name(name)) if name else ("", "")
    return Turnout(title, group, people, sum(known) if mine and len(known) == len(mine) else None)


def campaign_page(viewer: User, today: date, campaign: Campaign, page: int) -> CampaignPage:
    """Answer how a campaign goes, the schools where fewest answered first."""
    links = list(
        visible_links(viewer, today).filter(campaign=campaign).select_related("school", "municipality")
    )
    counted = answered(link.pk for link in links)
    rows = sorted(_school_rows(campaign, links, counted), key=_silent_first)
    is_mine = own_campaigns(viewer, today).filter(pk=campaign.pk).exists()
    paging = Paginator(rows, A_PAGE).get_page(page)
    turnouts = [
        turnout((link for link in links if link.form == name), counted, name) for name in campaign.forms
    ]
    profiles = visible_profiles(viewer, today).filter(release__campaign=campaign).exists()
    head = campaign_head(campaign, today)
    told = repr(sorted(counted.items())) + str(campaign.state) + repr([link.invited for link in links])
    return CampaignPage(
        head=head,
        crumbs=(Crumb(_("Опросы"), reverse("diagnostics:campaigns")), Crumb(campaign.title)),
        rows=tuple(paging.object_list),
        paging=paging,
        turnouts=tuple(turnouts),
        schools=len(rows),
        silent=sum(row.is_silent for row in rows),
        is_mine=is_mine,
        reminders=_reminders(campaign, behind(links, counted), rows, today) if is_mine else None,
        profiles=profiles,
        awaits_profiles=head.has_ended and not profiles and _will_have_profiles(campaign, turnouts),
        beyond=tuple(form_title(name) for name in campaign.forms if not is_shipped(name)),
        version=hashlib.sha256(told.encode()).hexdigest()[:16],
    )


def _will_have_profiles(campaign: Campaign, turnouts: Sequence[Turnout]) -> bool:
    """Say whether anybody answered a questionnaire that enters the risk profile."""
    enter = set(profiled(campaign.forms))
    return any(one.answered for name, one in zip(campaign.forms, turnouts, strict=True) if name in enter)


def _school_rows(
    campaign: Campaign, links: Sequence[SurveyLink], counted: dict[int, Answered]
) -> list[SchoolRow]:
    by_school: dict[School, dict[str, SurveyLink]] = {}
    for link in links:
        by_school.setdefault(link.school, {})[link.form] = link
    rows, reminded = [], reminded_on(campaign)
    for school, mine in by_school.items():
        turnouts = tuple(
            turnout([mine[name]] if name in mine else [], counted, name) for name in campaign.forms
        )
        municipality = next(iter(mine.values())).municipality.name
        silent = not any(one.answered for one in turnouts)
        last = reminded.get(school.pk)
        rows.append(SchoolRow(school.pk, str(school), municipality, turnouts, silent, last))
    return rows


def _reminders(
    campaign: Campaign, late: Sequence[int], rows: Sequence[SchoolRow], today: date
) -> RemindersCard:
    days = (campaign.closes_on - timedelta(days=many) for many in sorted(campaign.reminds, reverse=True))
    reminded = {row.id for row in rows if row.reminded_on == today}
    return RemindersCard(
        days=tuple(day for day in days if day > campaign.opens_on),
        behind=len(set(late) - reminded),
        reminded_today=len(reminded),
        enough=ENOUGH,
    )


def _silent_first(row: SchoolRow) -> tuple[float, str]:
    known = [one.share for one in row.turnouts if one.share is not None]
    return (min(known, default=0.0) if not row.is_silent else -1.0, row.name)


def school_survey_page(
    viewer: User, today: date, campaign: Campaign, school: School, site: str
) -> SchoolSurveyPage:
    """Answer a school's questionnaires with their addresses; ``site`` begins every address."""
    links = {
        link.form: link for link in visible_links(viewer, today).filter(campaign=campaign, school=school)
    }
    counted = answered(link.pk for link in links.values())
    aside = on_paper(link.pk for link in links.values())
    may = visible_links(viewer, today, "hand_out_codes").filter(campaign=campaign, school=school).exists()
    open_for_codes = may and campaign.state != State.CLOSED
    return SchoolSurveyPage(
        head=campaign_head(campaign, today),
        crumbs=(
            Crumb(_("Опросы"), reverse("diagnostics:campaigns")),
            Crumb(campaign.title, reverse("diagnostics:campaign", args=(campaign.pk,))),
            Crumb(str(school)),
        ),
        school=school.pk,
        name=str(school),
        profile=visible_profiles(viewer, today).filter(release__campaign=campaign, school=school).exists(),
        cards=tuple(
            _card(
                links[name],
                counted.get(links[name].pk, NONE),
                aside.get(links[name].pk, OnPaper()),
                open_for_codes,
                site,
            )
            for name in campaign.forms
            if name in links
        ),
    )


def _card(link: SurveyLink, counted: Answered, aside: OnPaper, may_hand_out: bool, site: str) -> LinkCard:
    form = load(link.form)
    address = site + reverse("diagnostics:answer", args=(link.token,))
    by_codes = link.way == SurveyLink.Way.CODES
    return LinkCard(
        id=link.pk,
        title=form_title(link.form),
        minutes=form.minutes,
        way=link.way,
        address=address,
        short=address.partition("://")[2],
        square=square_code.on_page(address),
        turnout=turnout([link], {link.pk: counted}),
        codes=counted.codes,
        free=counted.codes - counted.answered - aside.left if by_codes else 0,
        on_paper=aside.aside,
        may_hand_out=may_hand_out,
        counts_itself=form.audience == "director",
    )
