"""Deeds on a sheet: each side keeps what it says section by section, signs it, takes the signature back."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from opora.accounts.models import User
from opora.audit.actions import record
from opora.language import _
from opora.methodology.quality.checklist import Criterion, Section
from opora.methodology.quality.judging import (
    Answer,
    Finding,
    Lack,
    Lacking,
    lacks_of_check,
    lacks_of_school,
)
from opora.quality.access import SPEAKS, side_of, visible_sheets
from opora.quality.heads import checklist_of
from opora.quality.models import LONGEST, SHORT, CheckSheet, QualityCheck, SheetPart
from opora.quality.sheets.facts import facts_of
from opora.quality.sheets.said import Said, levels_of, said_on
from opora.registry.access import NotAllowed, role_for
from opora.registry.refusals import CannotDo, ChangedMeanwhile, NotWhole, Signed

Side = SheetPart.Side
LONG_LINK = 500
MOST = {"title": SHORT, "link": LONG_LINK, "dated": 10, "level": 20}  # of other fields: ``LONGEST``


@transaction.atomic
def fill_section(
    sheet: CheckSheet, section: Section, answers: Mapping[str, Answer], version: int, by: User
) -> SheetPart:
    """Keep what the school says of the criteria of a section. version: of this section, as it was shown.

    Raises: NotAllowed; CannotDo; Signed; ChangedMeanwhile.
    Records: quality.fill_section.
    """
    own = _own(sheet, Side.SCHOOL, by)
    _keep(own, section, {name: asdict(one) for name, one in answers.items()}, version, by)
    record("quality.fill_section", by, own.sheet, **_told(own, by), section=section.title.ru)
    return own


@transaction.atomic
def check_section(
    sheet: CheckSheet, section: Section, findings: Mapping[str, Finding], version: int, by: User
) -> SheetPart:
    """Keep what the municipality found of the criteria of a section.

    Raises: NotAllowed; CannotDo; Signed; ChangedMeanwhile.
    Records: quality.check_section.
    """
    own = _own(sheet, Side.MUNICIPALITY, by)
    _keep(own, section, {name: asdict(one) for name, one in findings.items()}, version, by)
    record("quality.check_section", by, own.sheet, **_told(own, by), section=section.title.ru)
    return own


@transaction.atomic
def conclude(sheet: CheckSheet, words: str, version: int, by: User) -> SheetPart:
    """Keep the municipality's words on the whole (выводы). version: of its whole part.

    Raises: NotAllowed; CannotDo; Signed; ChangedMeanwhile.
    Records: quality.conclude.
    """
    own = _own(sheet, Side.MUNICIPALITY, by)
    _as_shown(own, own.version, version)
    own.conclusion, own.version, own.by = words.strip()[:LONGEST], own.version + 1, by
    own.save()
    record("quality.conclude", by, own.sheet, **_told(own, by))
    return own


@transaction.atomic
def sign(sheet: CheckSheet, side: str, version: int, by: User) -> SheetPart:
    """Sign what a side says on a sheet. version: of its whole part.

    Raises: NotAllowed; CannotDo; Signed; ChangedMeanwhile; NotWhole.
    Records: quality.sign_sheet or quality.sign_check.
    """
    own = _own(sheet, side, by)
    _as_shown(own, own.version, version)
    if found := _lacks(own, by):
        raise NotWhole(found)
    own.signed_at, own.signed_by, own.version = timezone.now(), by, own.version + 1
    own.save()
    deed = "quality.sign_sheet" if side == Side.SCHOOL else "quality.sign_check"
    record(deed, by, own.sheet, **_told(own, by))
    return own


@transaction.atomic
def take_back(sheet: CheckSheet, side: str, by: User) -> SheetPart:
    """Take a side's signature back; what it says stays and can be changed again.

    Raises: NotAllowed; CannotDo, where the municipality has signed what the school wants to change.
    Records: quality.take_sheet_back or quality.take_check_back, where it was signed.
    """
    own = _own(sheet, side, by)
    if own.signed_at:
        own.signed_at = own.signed_by = None
        own.version += 1
        own.save()
        deed = "quality.take_sheet_back" if side == Side.SCHOOL else "quality.take_check_back"
        record(deed, by, own.sheet, **_told(own, by))
    return own


def lacks_now(sheet: CheckSheet, said: Said, viewer: User, today: date) -> list[Lack]:
    """Say what one's own side still lacks before it can sign. Empty: nothing, or one speaks for no side."""
    checklist = checklist_of(sheet.quality_check)
    if said.own == Side.SCHOOL:
        found = lacks_of_school(said.answers, checklist)
        kinds = {checklist.criteria[one.criterion].fact for one in found if one.what == Lacking.PROOF} - {""}
        # What the system knows is looked for only where nothing else proves: it may take a second.
        facts = facts_of(viewer, today, sheet.school, kinds) if kinds else ()
        return lacks_of_school(said.answers, checklist, facts)
    if said.own == Side.MUNICIPALITY:
        return lacks_of_check(said.findings, levels_of(_signed_answers(said)), checklist)
    return []


def _signed_answers(said: Said) -> dict[str, dict[str, str]]:
    part = said.part(Side.SCHOOL)
    return part.answers if part and part.signed_at else {}


def _lacks(own: SheetPart, by: User) -> list[Lack]:
    others = SheetPart.objects.filter(sheet=own.sheet).exclude(pk=own.pk)
    return lacks_now(own.sheet, said_on(own.sheet, own.side, [own, *others]), by, timezone.localdate())


def _own(sheet: CheckSheet, side: str, by: User) -> SheetPart:
    """Take a side's part to change it, made at its first word; nobody else changes the sheet meanwhile."""
    today = timezone.localdate()
    mine = visible_sheets(by, today).filter(pk=sheet.pk)
    found = mine.select_for_update(of=("self",)).select_related("quality_check", "school").first()
    if found is None or not side or side != side_of(by, found.school, today):
        raise NotAllowed(_("Лист заполняет школа, проверяет муниципалитет"))
    parts = {one.side: one for one in SheetPart.objects.filter(sheet=found)}
    if reason := _why_not(found, parts, side, today):
        raise CannotDo(reason)
    own = parts.get(side) or SheetPart(
        sheet=found,
        region_id=found.region_id,
        municipality_id=found.municipality_id,
        school=found.school,
        side=side,
        by=by,
    )
    own.sheet = found
    return own


def _why_not(sheet: CheckSheet, parts: Mapping[str, SheetPart], side: str, today: date) -> str:
    """Say why a side cannot write or take back now. Empty: it can."""
    school, municipality = parts.get(Side.SCHOOL), parts.get(Side.MUNICIPALITY)
    if sheet.quality_check.state == QualityCheck.State.CLOSED:
        return _("Проверка завершена: листы больше не меняются. План исправлений вести можно.")
    if side == Side.SCHOOL and municipality and municipality.signed_at:
        return _("Результат проверки подписан: чтобы изменить лист, муниципалитет сначала снимет подпись.")
    is_silent = today > sheet.quality_check.fill_until
    if side == Side.MUNICIPALITY and not (school and school.signed_at) and not is_silent:
        return _("Школа ещё не подписала лист. Проверить его можно после подписи или когда срок выйдет.")
    return ""


def why_not(sheet: CheckSheet, said: Said, today: date) -> str:
    """Say why one's own side cannot write now. Empty: it can, or one speaks for none."""
    return _why_not(sheet, said.parts, said.own, today) if said.own else ""


def _as_shown(own: SheetPart, is_now: int, was_shown: int) -> None:
    if own.signed_at:
        raise Signed
    if is_now != was_shown:
        raise ChangedMeanwhile


def _keep(
    own: SheetPart, section: Section, given: Mapping[str, dict[str, str]], version: int, by: User
) -> None:
    """Put the words on a section in the place of what was kept; what names no criterion of it is left out."""
    _as_shown(own, own.versions.get(section.name, 0), version)
    for criterion in section.criteria:
        said = _cut(given.get(criterion.name, {}), criterion)
        own.answers.pop(criterion.name, None)
        if any(said.values()):
            own.answers[criterion.name] = said
    own.versions[section.name] = version + 1
    own.version, own.by = own.version + 1, by
    own.save()


def _cut(said: Mapping[str, str], criterion: Criterion) -> dict[str, str]:
    cut = {name: text.strip()[: MOST.get(name, LONGEST)] for name, text in said.items()}
    if cut.get("level") not in criterion.levels:
        cut["level"] = ""
    return cut


def _told(own: SheetPart, by: User) -> dict[str, Any]:
    deed = SPEAKS[Side(own.side)]
    return {
        "region": own.region_id,
        "municipality": own.municipality_id,
        "school": own.school_id,
        "role": role_for(by, deed, timezone.localdate(), own.region_id),
        "title": own.sheet.quality_check.title,
        "school_name": str(own.school),
    }
