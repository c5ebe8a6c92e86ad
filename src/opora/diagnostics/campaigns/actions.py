"""Deeds on campaigns, and on the invitations of a school; all their writes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import forms_to_ask, own_campaigns, schools_to_ask, visible_links
from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.codes import code_of, digest_of_code
from opora.diagnostics.models import AnswerCode, Campaign, SurveyLink
from opora.diagnostics.numbers import DEFAULT_PROFILE, REMINDS
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.questionnaires import is_shipped, load
from opora.diagnostics.wording import form_title
from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.publishing import hindrances
from opora.registry.access import NotAllowed, reach, role_for
from opora.registry.models import Municipality, Region, School
from opora.registry.refusals import CannotDo

State, Way = Campaign.State, SurveyLink.Way
MOST_CODES = 3_000  # of one link: more people of one group no school has
LONGEST = 120  # days of a campaign


@dataclass(frozen=True)
class Asked:
    """A campaign as somebody asks for it; ``forms`` are names, ``year`` the first of the school year."""

    title: str
    year: int
    forms: tuple[str, ...]
    opens_on: date
    closes_on: date
    region: Region | None
    municipality: Municipality | None = None
    profile: str = DEFAULT_PROFILE  # the edition of the risk profile
    levels: str = Campaign.Levels.FIXED
    reminds: tuple[int, ...] = REMINDS  # days before the last one


def way_of(form: Form) -> str:
    """Say how a group is invited: parents by a link that goes round, all others by a code for each."""
    return Way.OPEN if form.audience == "parent" else Way.CODES


@transaction.atomic
def prepare_campaign(asked: Asked, schools: Iterable[School], by: User) -> Campaign:
    """Make a campaign that nobody can answer yet, with a link for each school and questionnaire.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.prepare_campaign.
    """
    _may_run(by, asked.region, asked.municipality)
    _refuse_not_in_force(asked, by)
    _refuse_odd(asked)
    wanted = {school.pk for school in schools}
    there = list(schools_to_ask(by, timezone.localdate()).filter(pk__in=wanted))
    if len(there) < len(wanted):
        raise NotAllowed(_("Опрос можно провести в школах своей территории"))
    if not there:
        raise CannotDo(_("Выберите хотя бы одну школу"))
    campaign = Campaign.objects.create(
        title=" ".join(asked.title.split()),
        year=asked.year,
        forms=list(asked.forms),
        opens_on=asked.opens_on,
        closes_on=asked.closes_on,
        region=asked.region,
        municipality=asked.municipality,
        profile=asked.profile,
        levels=asked.levels,
        reminds=list(asked.reminds),
        by=by,
    )
    SurveyLink.objects.bulk_create(
        SurveyLink(
            campaign=campaign,
            region_id=school.region_id,
            municipality_id=school.municipality_id,
            school=school,
            form=name,
            way=way_of(load(name)),
            invited=1 if load(name).audience == "director" else None,
        )
        for school in there
        for name in asked.forms
    )
    record("diagnostics.prepare_campaign", by, campaign, **_told(campaign, by), schools=len(there))
    return campaign


def _refuse_not_in_force(asked: Asked, by: User) -> None:
    """Refuse own questionnaires that are not in force, and those of another territory."""
    wanted = [name for name in asked.forms if not is_shipped(name)]
    there = {one.name: one for one in forms_to_ask(by, timezone.localdate()).filter(name__in=wanted)}
    for name in wanted:
        if name not in there:
            raise CannotDo(_("Такой анкеты нет среди действующих: выберите из списка"))
        if not there[name].may_be_asked_in(asked.region, asked.municipality):
            said = _("Анкета «{title}» — другой территории: проведите опрос там, где она действует")
            raise CannotDo(said.format(title=form_title(name)))


def _refuse_odd(asked: Asked) -> None:
    if not asked.title.strip():
        raise CannotDo(_("Назовите опрос"))
    if not asked.forms:
        raise CannotDo(_("Выберите хотя бы одну анкету"))
    for name in asked.forms:
        for hindrance in hindrances(load(name)):
            said = _("Анкету «{title}» нельзя давать людям. {why}")
            raise CannotDo(said.format(title=form_title(name), why=hindrance))
    if asked.closes_on < asked.opens_on:
        raise CannotDo(_("Последний день раньше первого: поменяйте дни"))
    if (asked.closes_on - asked.opens_on).days > LONGEST:
        raise CannotDo(_("Опрос идёт не дольше {days} дней").format(days=LONGEST))


@transaction.atomic
def open_campaign(campaign: Campaign, by: User) -> Campaign:
    """Let people answer, from the first day on (начать опрос).

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.open_campaign.
    """
    campaign = _own(campaign, by)
    if campaign.state != State.DRAFT:
        raise CannotDo(_("Этот опрос уже начат"))
    if campaign.closes_on < timezone.localdate():
        raise CannotDo(_("Последний день этого опроса прошёл: подготовьте другой"))
    withdrawn = OwnForm.objects.filter(name__in=campaign.forms, state=OwnForm.State.WITHDRAWN).first()
    if withdrawn is not None:
        said = _("Анкета «{title}» снята: уберите этот опрос и подготовьте другой")
        raise CannotDo(said.format(title=form_title(withdrawn.name)))
    campaign.state = State.OPEN
    campaign.save(update_fields=["state"])
    record("diagnostics.open_campaign", by, campaign, **_told(campaign, by))
    return campaign


@transaction.atomic
def close_campaign(campaign: Campaign, by: User) -> Campaign:
    """End a campaign today (завершить опрос). Sheets that were filled in without a line still have some days.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.close_campaign.
    """
    campaign = _own(campaign, by)
    if campaign.state != State.OPEN:
        raise CannotDo(_("Завершить можно опрос, который идёт"))
    campaign.state, campaign.closed_on = State.CLOSED, timezone.localdate()
    campaign.save(update_fields=["state", "closed_on"])
    record("diagnostics.close_campaign", by, campaign, **_told(campaign, by))
    return campaign


@transaction.atomic
def drop_campaign(campaign: Campaign, by: User) -> None:
    """Forget a campaign that never began (убрать опрос).

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.drop_campaign.
    """
    campaign = _own(campaign, by)
    if campaign.state != State.DRAFT:
        raise CannotDo(_("Убрать можно опрос, который не начинался: ответы не удаляются"))
    record("diagnostics.drop_campaign", by, campaign, **_told(campaign, by))
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_forget_links(%s)", [campaign.pk])
    campaign.delete()


@transaction.atomic
def tell_invited(link: SurveyLink, invited: int, by: User) -> SurveyLink:
    """Say how many people of a group are asked: the share who answered is reckoned of them.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.tell_invited.
    """
    link = _of_my_school(link, by)
    if not 0 < invited <= MOST_CODES:
        raise CannotDo(_("Приглашённых бывает от 1 до {most}").format(most=MOST_CODES))
    link.invited = invited
    link.save(update_fields=["invited"])
    told = _told_of_link(link, by)
    record("diagnostics.tell_invited", by, link.campaign, **told, invited=invited)
    return link


@transaction.atomic
def make_codes(link: SurveyLink, count: int, by: User) -> range:
    """Make more one-time codes of a link; answer their numbers. As many people as have codes are invited.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.make_codes.
    """
    link = _of_my_school(link, by)
    if link.way != Way.CODES:
        raise CannotDo(_("На эту анкету отвечают по открытой ссылке: коды не нужны"))
    made = answered([link.pk])[link.pk].codes
    if not 0 < count <= MOST_CODES - made:
        raise CannotDo(
            _("Сделать можно от 1 до {most} кодов: уже есть {made}").format(most=MOST_CODES - made, made=made)
        )
    numbers = range(made + 1, made + count + 1)
    AnswerCode.objects.bulk_create(_codes(link, numbers))
    if load(link.form).audience != "director":
        link.invited = max(link.invited or 0, made + count)
        link.save(update_fields=["invited"])
    record("diagnostics.make_codes", by, link.campaign, **_told_of_link(link, by), count=count)
    return numbers


def _codes(link: SurveyLink, numbers: Sequence[int]) -> Iterable[AnswerCode]:
    for number in numbers:
        yield AnswerCode(
            link=link, number=number, digest=digest_of_code(link.token, code_of(link.token, number))
        )


def _may_run(by: User, region: Region | None, municipality: Municipality | None) -> None:
    far = reach(by, timezone.localdate(), "run_surveys")
    within = far.holds_region(region.pk if region else None)
    if not within and not (municipality and municipality.pk in far.municipalities):
        raise NotAllowed(_("Опрос проводит координатор своей территории"))


def _own(campaign: Campaign, by: User) -> Campaign:
    """Take a campaign of one's own to change it; nobody else changes it meanwhile."""
    mine = own_campaigns(by, timezone.localdate())
    if not mine.filter(pk=campaign.pk).exists():
        raise NotAllowed(_("Опрос проводит координатор своей территории"))
    return mine.select_for_update(of=("self",)).get(pk=campaign.pk)


def _of_my_school(link: SurveyLink, by: User) -> SurveyLink:
    mine = visible_links(by, timezone.localdate(), "hand_out_codes").filter(pk=link.pk)
    found = mine.select_for_update(of=("self",)).select_related("campaign", "school").first()
    if found is None:
        raise NotAllowed(_("Приглашения печатает школа или её координатор"))
    if found.campaign.state == State.CLOSED or found.campaign.closes_on < timezone.localdate():
        raise CannotDo(_("Опрос завершён: новые приглашения не нужны"))
    return found


def _told(campaign: Campaign, by: User) -> dict[str, Any]:
    role = role_for(by, "run_surveys", timezone.localdate(), campaign.region_id)
    place = {"region": campaign.region_id, "municipality": campaign.municipality_id}
    return {**place, "role": role, "title": campaign.title}


def _told_of_link(link: SurveyLink, by: User) -> dict[str, Any]:
    return {
        "region": link.region_id,
        "municipality": link.municipality_id,
        "school": link.school_id,
        "role": role_for(by, "hand_out_codes", timezone.localdate(), link.region_id),
        "title": link.campaign.title,
        "school_name": str(link.school),
        "form": load(link.form).title["ru"],
    }
