"""The data of the pages of paper sheets."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.urls import reverse

from opora.accounts.models import User
from opora.diagnostics.access import links_to_enter, visible_links
from opora.diagnostics.answering.query import NAMES
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.campaigns.pages import CampaignHead
from opora.diagnostics.campaigns.query import campaign_head
from opora.diagnostics.models import Campaign, PaperPack, PaperSheet, SurveyLink
from opora.diagnostics.numbers import MANY_DIFFERING, MOST_SHEETS, USUAL_DIFFERING
from opora.diagnostics.on_paper import OnPaper, on_paper
from opora.diagnostics.paper.pages import PackPage, PackRow, PaperPage, SheetRow
from opora.diagnostics.questionnaires import load
from opora.diagnostics.wording import form_title
from opora.language import _
from opora.questionnaires.publishing import ALONE
from opora.ui.components import Crumb


def crumbs(link: SurveyLink, *further: Crumb) -> tuple[Crumb, ...]:
    """Answer the way to the paper sheets of a link, whose campaign and school are read."""
    campaign = link.campaign
    return (
        Crumb(_("Опросы"), reverse("diagnostics:campaigns")),
        Crumb(campaign.title, reverse("diagnostics:campaign", args=(campaign.pk,))),
        Crumb(str(link.school), reverse("diagnostics:school", args=(campaign.pk, link.school_id))),
        *further,
    )


def paper_crumb(link: SurveyLink) -> Crumb:
    """Answer the page of the paper sheets of a link as a step of the way."""
    return Crumb(_("На бумаге"), reverse("diagnostics:paper", args=(link.pk,)))


def paper_page(viewer: User, today: date, link: SurveyLink) -> PaperPage:
    """Answer what may be printed and typed of a link, whose campaign and school are read."""
    form = load(link.form)
    counted, codes = answered([link.pk])[link.pk], on_paper([link.pk]).get(link.pk, OnPaper())
    by_codes = link.way == SurveyLink.Way.CODES
    head = campaign_head(link.campaign, today)
    may = visible_links(viewer, today, "hand_out_codes").filter(pk=link.pk).exists()
    return PaperPage(
        head=head,
        crumbs=crumbs(link, Crumb(_("На бумаге"))),
        link=link.pk,
        school=link.school_id,
        name=str(link.school),
        title=form_title(link.form),
        languages=tuple((one, NAMES.get(one, one)) for one in form.languages),
        by_codes=by_codes,
        codes=codes,
        free=counted.codes - counted.answered - codes.left if by_codes else 0,
        may_set_aside=may and by_codes and not is_over(head, today) and form.audience not in ALONE,
        may_enter=links_to_enter(viewer, today).filter(pk=link.pk).exists() and not is_over(head, today),
        is_alone=form.audience in ALONE,
        of_teachers=form.audience == "teacher",
        is_begun=link.campaign.state != Campaign.State.DRAFT,
        packs=_packs(link),
    )


def is_over(head: CampaignHead, today: date) -> bool:
    """Say whether sheets of paper are taken no more."""
    return today > head.taken_until


def _packs(link: SurveyLink) -> tuple[PackRow, ...]:
    """Answer the packs of a link, the newest first; what is typed in them is counted where one may see it."""
    found = list(PaperPack.objects.filter(link=link).order_by("-number"))
    typed = PaperSheet.objects.filter(pack__in=found).values("pack")
    told = {one["pack"]: one for one in typed.annotate(all=Count("id"), ready=Count("decided"))}
    rows = []
    for one in found:
        mine = told.get(one.pk, {"all": 0, "ready": 0})
        share = one.differing / one.entered if one.entered else None
        sheets = one.sheets if one.finished_on else mine["all"]
        rows.append(PackRow(one.pk, one.number, sheets, mine["ready"], one.finished_on, share))
    return tuple(rows)


def pack_page(viewer: User, today: date, pack: PaperPack) -> PackPage:
    """Answer a pack that one may see into, its link, campaign and school read."""
    link, head = pack.link, campaign_head(pack.link.campaign, today)
    found = list(pack.entries.all())
    rows = tuple(_row(one, viewer) for one in found)
    ready = sum(one.state == "ready" for one in rows)
    twice = [one for one in found if one.second is not None]
    entered = pack.entered if pack.finished_on else sum(one.entered for one in twice)
    differing = pack.differing if pack.finished_on else sum(one.differing for one in twice)
    left = on_paper([link.pk]).get(link.pk, OnPaper()).left
    by_codes = link.way == SurveyLink.Way.CODES
    over = is_over(head, today)
    enough = left >= len(rows) or not by_codes
    return PackPage(
        head=head,
        crumbs=crumbs(link, paper_crumb(link), Crumb(_("Пачка {number}").format(number=pack.number))),
        id=pack.pk,
        number=pack.number,
        title=form_title(link.form),
        name=str(link.school),
        finished_on=pack.finished_on,
        sheets=rows,
        count=pack.sheets if pack.finished_on else len(rows),
        ready=ready,
        entered=entered,
        differing=differing,
        usual=USUAL_DIFFERING,
        is_much=entered > 0 and differing > entered * MANY_DIFFERING,
        next_first=free_number([one.number for one in found]),
        next_second=next_second(found, viewer),
        next_apart=next((one.number for one in rows if one.state == "apart"), 0),
        by_codes=by_codes,
        left=left,
        is_over=over,
        may_finish=bool(rows) and ready == len(rows) and enough and not over and not pack.finished_on,
    )


def _row(sheet: PaperSheet, viewer: User) -> SheetRow:
    state = "once" if sheet.second is None else "apart" if sheet.decided is None else "ready"
    return SheetRow(
        number=sheet.number,
        state=state,
        differing=sheet.differing,
        by_one=sheet.first_by_id == sheet.second_by_id,
        first_is_mine=sheet.first_by_id == viewer.pk,
        second_is_mine=sheet.second_by_id == viewer.pk,
    )


def free_number(taken: Sequence[int]) -> int:
    """Answer the number of the next sheet of a pack. Empty: 0, where the pack is full."""
    following = max(taken, default=0) + 1
    return following if following <= MOST_SHEETS else 0


def next_second(sheets: Sequence[PaperSheet], viewer: User) -> int:
    """Answer a sheet to type for the second time, one that somebody else typed first before all others."""
    waiting = [one for one in sheets if one.second is None]
    waiting.sort(key=lambda one: (one.first_by_id == viewer.pk, one.number))
    return waiting[0].number if waiting else 0
