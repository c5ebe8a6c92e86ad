"""The data of a school's sheet: how far it is, section by section, and what is wanted of whom."""

from collections.abc import Iterable, Mapping
from datetime import date

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.checklist import Checklist, Section
from opora.methodology.quality.judging import Fulfilment, Lack, Lacking, differing, fulfilment
from opora.quality.access import side_of, visible_sheets
from opora.quality.heads import check_head, checklist_of, crumbs_of_sheet, sheet_state, signed
from opora.quality.models import CheckSheet, QualityCheck, Repair, SheetPart
from opora.quality.sheets.actions import why_not
from opora.quality.sheets.pages import SectionRow, SheetPage, Signature
from opora.quality.sheets.said import Said, levels_of, said_on
from opora.quality.wording import sheet_word
from opora.ui.components import Wrong
from opora.ui.numbers import counted, day, percent, share_as_percent

Side = SheetPart.Side
NAMES = ("quality_check__region", "quality_check__municipality", "school", "municipality")


def sheet_of(viewer: User, today: date, check: int, school: int) -> CheckSheet | None:
    """Answer a school's sheet in a check with its names read; None where one does not see it."""
    seen = visible_sheets(viewer, today).select_related(*NAMES)
    return seen.filter(quality_check=check, school=school).first()


def sheet_page(viewer: User, today: date, sheet: CheckSheet, conclusion: str | None = None) -> SheetPage:
    """Answer a sheet that one sees. conclusion: words that were typed and not kept."""
    checklist = checklist_of(sheet.quality_check)
    said = said_on(sheet, side_of(viewer, sheet.school, today))
    school, municipality = said.part(Side.SCHOOL), said.part(Side.MUNICIPALITY)
    state = sheet_state(signed(school), signed(municipality))
    told = fulfilment(said.levels, checklist)
    own = said.part(said.own)
    is_signed = bool(own and own.signed_at)
    locked = why_not(sheet, said, today)
    open_words = said.is_open(Side.MUNICIPALITY) and municipality is not None
    repairs = list(Repair.objects.filter(sheet=sheet).values_list("state", "due_on"))
    return SheetPage(
        head=check_head(sheet.quality_check, today),
        crumbs=crumbs_of_sheet(sheet),
        school=sheet.school_id,
        name=str(sheet.school),
        place=sheet.municipality.name,
        state=state,
        word=sheet_word(state),
        wanted=_wanted(sheet, said, state, locked),
        sections=tuple(_section(one, said, told[at]) for at, one in enumerate(checklist.sections)),
        share=_share(told[-1]),
        missing=told[-1].missing,
        not_applicable=told[-1].not_applicable,
        signatures=tuple(_signature(side, said.part(side)) for side in Side),
        own=said.own,
        is_signed=is_signed,
        locked=locked,
        version=own.version if own else 0,
        conclusion=conclusion
        if conclusion is not None
        else municipality.conclusion
        if open_words and municipality
        else "",
        may_conclude=said.own == Side.MUNICIPALITY and not is_signed and not locked,
        differing=_differing(said, checklist),
        repairs=_repairs(repairs),
        has_plan=bool(repairs) or state in ("filled", "checking", "checked"),
        has_fact=any(one.fact == "journal" for one in checklist.criteria.values()),
    )


def _section(section: Section, said: Said, told: Fulfilment) -> SectionRow:
    names = [one.name for one in section.criteria]
    kept = {side: levels_of(part.answers) for side, part in said.parts.items()}
    return SectionRow(
        name=section.name,
        title=str(section.title),
        answered=sum(name in kept.get(Side.SCHOOL, {}) for name in names),
        found=sum(name in kept.get(Side.MUNICIPALITY, {}) for name in names),
        criteria=len(names),
        share=_share(told),
    )


def _share(told: Fulfilment) -> str:
    """Say a share with its count; by weight and by count it is the same where all weigh the same."""
    if told.share is None:
        return ""
    if abs(told.share - told.met / told.judged) < 1e-9:
        return share_as_percent(told.met, told.judged)
    return _("{percent} по весу").format(percent=percent(told.share * 100))


def _signature(side: Side, part: SheetPart | None) -> Signature:
    by = part.signed_by.full_name if part and part.signed_by else ""
    return Signature(str(side.label), part.signed_at if part else None, by)


def _differing(said: Said, checklist: Checklist) -> tuple[str, ...]:
    """Name the questions on which the sides differ, where both may be read."""
    if not (said.is_open(Side.SCHOOL) and said.is_open(Side.MUNICIPALITY)):
        return ()
    levels = {name: one.level for name, one in said.answers.items()}
    return tuple(str(checklist.criteria[name].question) for name in differing(said.findings, levels))


def _repairs(rows: list[tuple[str, date | None]]) -> str:
    deeds = [state for state, due_on in rows if due_on]
    if not deeds:
        return ""
    done = sum(state == Repair.State.DONE for state in deeds)
    return _("{all}, выполнено {done}").format(all=counted(len(deeds), "мера,меры,мер"), done=done)


def _wanted(sheet: CheckSheet, said: Said, state: str, locked: str) -> str:
    """Say what is wanted of whoever looks, and until when."""
    check = sheet.quality_check
    if check.state == QualityCheck.State.CLOSED:
        return _("Проверка завершена. План исправлений продолжается.")
    if said.own == Side.SCHOOL:
        return {
            "empty": _("Заполните лист до {day}: начните с любого раздела."),
            "filling": _("Дополните лист и подпишите до {day}."),
            "filled": _("Лист подписан. Теперь его смотрит муниципалитет."),
            "checking": _("Лист подписан. Муниципалитет его проверяет."),
            "checked": _("Результат подписан. Составьте план исправлений там, где «нет» и «частично»."),
        }[state].format(day=day(check.fill_until))
    if said.own == Side.MUNICIPALITY and locked:
        return _("Школа заполняет лист до {day}.").format(day=day(check.fill_until))
    if said.own == Side.MUNICIPALITY and state != "checked":
        return _("Посмотрите разделы, подтвердите или объясните расхождения и подпишите до {day}.").format(
            day=day(check.check_until)
        )
    return ""


def wrong_of(found: Iterable[Lack], sheet: CheckSheet, address: Mapping[str, str]) -> tuple[Wrong, ...]:
    """Say what lacks before a side can sign, each with the way to its criterion. address: of each section."""
    checklist = checklist_of(sheet.quality_check)
    where = {one.name: section.name for section in checklist.sections for one in section.criteria}
    said = {
        Lacking.LEVEL: _("«{question}» Выберите уровень."),
        Lacking.PROOF: _("«{question}» Напишите, чем это подтверждается."),
        Lacking.WHY: _("«{question}» Напишите, почему не применимо."),
        Lacking.REASON: _("«{question}» Уровень не тот, что у школы: напишите почему."),
    }
    return tuple(
        Wrong(
            said[one.what].format(question=checklist.criteria[one.criterion].question),
            f"{address[where[one.criterion]]}#{one.criterion}",
        )
        for one in found
    )
