"""Deeds on paper sheets: codes are set aside, packs begun, typed twice, agreed on, and handed in once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.diagnostics.access import links_to_enter, packs_to_enter, visible_links
from opora.diagnostics.campaigns.actions import MOST_CODES
from opora.diagnostics.models import Campaign, PaperPack, PaperSheet, SurveyLink
from opora.diagnostics.numbers import MOST_SHEETS
from opora.diagnostics.on_paper import Handed, hand_in, put_aside
from opora.diagnostics.questionnaires import load
from opora.language import _
from opora.questionnaires.marks import agreed, differing, entered
from opora.registry.access import NotAllowed, role_for
from opora.registry.refusals import CannotDo, ChangedMeanwhile

FIRST, SECOND = "first", "second"  # which time a sheet is typed


@dataclass(frozen=True)
class Entry:
    """What somebody typed of a sheet. turn: ``first`` or ``second``; version: of what the page showed."""

    number: int
    turn: str
    marks: Mapping[str, Any]
    version: int


@transaction.atomic
def set_codes_aside(link: SurveyLink, count: int, by: User) -> None:
    """Say how many people of a link will answer on paper (отложить коды): their codes open nothing else.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.set_codes_aside.
    """
    today = timezone.localdate()
    if not visible_links(by, today, "hand_out_codes").filter(pk=link.pk).exists():
        raise NotAllowed(_("Приглашения печатает школа или её координатор"))
    if link.way != SurveyLink.Way.CODES:
        raise CannotDo(_("На эту анкету отвечают по открытой ссылке: коды не нужны"))
    told = put_aside(link.pk, count) if count <= MOST_CODES else "few"
    refusals = {
        "few": _("Столько свободных кодов нет: сначала сделайте их"),
        "taken": _("На бумаге уже ответили больше человек: столько кодов назад не вернуть"),
    }
    if told != "done":
        raise CannotDo(refusals.get(told, _("Кодов с такими номерами нет: сначала сделайте их")))
    place = _place(link, by, "hand_out_codes")
    record("diagnostics.set_codes_aside", by, link.campaign, **place, count=count)


@transaction.atomic
def begin_pack(link: SurveyLink, by: User) -> PaperPack:
    """Begin a pack of filled sheets (начать пачку).

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.begin_paper_pack.
    """
    mine = links_to_enter(by, timezone.localdate()).filter(pk=link.pk)
    own = mine.select_for_update(of=("self",), no_key=True).select_related("campaign", "school").first()
    if own is None:
        raise NotAllowed(_refusal(link))
    if own.campaign.state == Campaign.State.DRAFT:
        raise CannotDo(_("Опрос ещё не начался: вводить нечего"))
    before = own.packs.aggregate(most=Max("number"))["most"] or 0
    pack = PaperPack.objects.create(
        link=own,
        region_id=own.region_id,
        municipality_id=own.municipality_id,
        school_id=own.school_id,
        outside=load(own.form).audience == "teacher",
        number=before + 1,
    )
    record("diagnostics.begin_paper_pack", by, own.campaign, **_place(own, by, _deed(pack)))
    return pack


@transaction.atomic
def enter_sheet(pack: PaperPack, entry: Entry, by: User) -> PaperSheet:
    """Keep what was typed of a sheet for the first or the second time; where both agree it is decided.

    The first entry is changed by whoever made it alone, the second likewise. Leaves no trace: it would tell
    in which order sheets were typed, and by whom.
    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    """
    own = _open(pack, by)
    if not entry.marks:
        raise CannotDo(_("Пустой лист не вводят: отложите его"))
    sheet = own.entries.select_for_update().filter(number=entry.number).first()
    if entry.turn == FIRST and sheet is None and entry.version == 0:
        return _first(own, entry, by)
    if sheet is None or sheet.version != entry.version:
        raise ChangedMeanwhile
    before = sheet.first_by_id if entry.turn == FIRST else sheet.second_by_id
    if before not in (None, by.pk):
        raise ChangedMeanwhile
    if entry.turn == FIRST:
        sheet.first = dict(entry.marks)
    else:
        sheet.second, sheet.second_by = dict(entry.marks), by
    sheet.said = {}
    return _kept(own, sheet)


def _first(pack: PaperPack, entry: Entry, by: User) -> PaperSheet:
    if not 0 < entry.number <= MOST_SHEETS:
        raise CannotDo(_("В пачке до {most} листов: сдайте эту и начните другую").format(most=MOST_SHEETS))
    return PaperSheet.objects.create(
        pack=pack,
        region_id=pack.region_id,
        municipality_id=pack.municipality_id,
        school_id=pack.school_id,
        outside=pack.outside,
        number=entry.number,
        first=dict(entry.marks),
        first_by=by,
    )


@transaction.atomic
def decide_sheet(pack: PaperPack, entry: Entry, by: User) -> PaperSheet:
    """Keep what another look at a sheet told where its two entries differ. Leaves no trace, as typing does.

    Raises: NotAllowed; CannotDo; ChangedMeanwhile.
    """
    own = _open(pack, by)
    sheet = own.entries.select_for_update().filter(number=entry.number, second__isnull=False).first()
    if sheet is None or sheet.version != entry.version:
        raise ChangedMeanwhile
    sheet.said = dict(entry.marks)
    return _kept(own, sheet)


def _kept(pack: PaperPack, sheet: PaperSheet) -> PaperSheet:
    """Compare the two entries of a sheet and keep it."""
    form = load(pack.link.form)
    if sheet.second is not None:
        sheet.decided = agreed(form, sheet.first, sheet.second, sheet.said)
        sheet.entered = entered(form, sheet.first, sheet.second)
        sheet.differing = len(differing(form, sheet.first, sheet.second))
    sheet.version += 1
    sheet.save()
    return sheet


@transaction.atomic
def remove_sheet(pack: PaperPack, number: int, by: User) -> None:
    """Take a sheet out of its pack: nothing that was typed of it stays.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.remove_paper_sheet, without its number.
    """
    own = _open(pack, by)
    if own.entries.filter(number=number).delete()[0]:
        record("diagnostics.remove_paper_sheet", by, own.link.campaign, **_place(own.link, by, _deed(own)))


@transaction.atomic
def drop_pack(pack: PaperPack, by: User) -> None:
    """Forget a pack that was not handed in, with all that was typed (убрать пачку).

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.drop_paper_pack.
    """
    own = _open(pack, by)
    sheets = own.entries.count()
    told = _place(own.link, by, _deed(own))
    record("diagnostics.drop_paper_pack", by, own.link.campaign, **told, sheets=sheets)
    own.delete()


@transaction.atomic
def finish_pack(pack: PaperPack, by: User) -> Handed:
    """Hand a pack in (сдать пачку): its sheets become nobody's, in an order by chance, exactly once.

    Raises: NotAllowed; CannotDo.
    Records: diagnostics.finish_paper_pack, the first time.
    """
    own = _mine(pack, by)
    same = own.entries.filter(first_by=F("second_by")).count()
    handed = hand_in(own.pk)
    if handed == Handed.UNKNOWN:
        raise NotAllowed(_refusal(own.link))
    if handed not in (Handed.TAKEN, Handed.AGAIN):
        raise CannotDo(_unfinished(handed))
    if handed == Handed.TAKEN:
        own.refresh_from_db()
        told = _place(own.link, by, _deed(own))
        counts: dict[str, Any] = {
            "sheets": own.sheets,
            "entered": own.entered,
            "differing": own.differing,
            "same": same,
        }
        record("diagnostics.finish_paper_pack", by, own.link.campaign, **told, **counts)
    return handed


def _unfinished(handed: Handed) -> str:
    return {
        Handed.EMPTY: _("В пачке нет ни одного листа"),
        Handed.UNDECIDED: _("Каждый лист вводят дважды, а где ввод разошёлся — решают: что-то осталось"),
        Handed.NO_CODES: _(
            "Для бумаги отложено меньше кодов, чем листов в пачке: на странице анкеты школа откладывает ещё"
        ),
        Handed.EARLY: _("Опрос ещё не начался"),
        Handed.OVER: _("Опрос завершён, и срок для бумажных анкет прошёл"),
    }[handed]


def _deed(pack: PaperPack) -> str:
    return "enter_teachers_paper" if pack.outside else "enter_paper"


def _refusal(link: SurveyLink) -> str:
    if load(link.form).audience == "teacher":
        return _("Анкеты учителей вводят не в их школе: муниципальный координатор или куратор")
    return _("Бумажные анкеты вводит школа или муниципальный координатор")


def _mine(pack: PaperPack, by: User) -> PaperPack:
    """Take a pack to change it; nobody else begins, ends or changes it meanwhile."""
    mine = packs_to_enter(by, timezone.localdate()).filter(pk=pack.pk)
    own = mine.select_for_update(of=("self",)).select_related("link__campaign", "link__school").first()
    if own is None:
        raise NotAllowed(_refusal(pack.link))
    return own


def _open(pack: PaperPack, by: User) -> PaperPack:
    own = _mine(pack, by)
    if own.finished_on:
        raise CannotDo(_("Эта пачка сдана: листа в ней больше нет"))
    return own


def _place(link: SurveyLink, by: User, deed: str) -> dict[str, Any]:
    return {
        "region": link.region_id,
        "municipality": link.municipality_id,
        "school": link.school_id,
        "role": role_for(by, deed, timezone.localdate(), link.region_id),
        "title": link.campaign.title,
        "school_name": str(link.school),
        "form": load(link.form).title["ru"],
    }
