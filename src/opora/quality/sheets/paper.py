"""The note on a school's check (справка) on paper: criteria with levels and proofs, conclusion, repairs."""

from collections.abc import Iterator
from datetime import date

from opora.accounts.models import User
from opora.language import _
from opora.methodology.quality.judging import Answer, Standing, standing_of
from opora.quality.access import side_of
from opora.quality.heads import check_head, checklist_of
from opora.quality.models import CheckSheet, Repair, SheetPart
from opora.quality.paper import Block, Heading, Lines, Table, on_paper
from opora.quality.sheets.pages import SheetPage
from opora.quality.sheets.query import sheet_page
from opora.quality.sheets.said import Said, said_on
from opora.quality.wording import level_word, standing_word
from opora.ui.numbers import day

Side = SheetPart.Side


def sheet_on_paper(viewer: User, today: date, sheet: CheckSheet, kind: str) -> bytes:
    """Print what a person may read of a sheet; ``kind``: pdf or docx."""
    said = said_on(sheet, side_of(viewer, sheet.school, today))
    page = sheet_page(viewer, today, sheet)
    title = _("Справка о внутренней оценке качества образования: {school}").format(school=page.name)
    return on_paper(title, list(_blocks(sheet, said, page, today)), kind)


def _blocks(sheet: CheckSheet, said: Said, page: SheetPage, today: date) -> Iterator[Block]:
    yield Lines(list(_about(sheet, page, today)))
    for at, section in enumerate(checklist_of(sheet.quality_check).sections):
        yield Heading(f"{section.title}. {page.sections[at].share}".strip(". "))
        rows = [_row(criterion.name, str(criterion.question), said) for criterion in section.criteria]
        yield Table(
            (_("Критерий"), _("Школа"), _("Муниципалитет"), _("Чем подтверждается, почему")),
            rows,
            (5, 2, 3, 6),
        )
    if page.conclusion:
        yield Heading(_("Выводы"))
        yield Lines(page.conclusion.splitlines())
    yield from _plan(sheet, today)
    yield Lines(list(_signatures(page)))


def _about(sheet: CheckSheet, page: SheetPage, today: date) -> Iterator[str]:
    head = check_head(sheet.quality_check, today)
    yield _("{place}. {title}, {year}.").format(place=page.place, title=head.title, year=head.year)
    if head.order:
        yield _("Основание: {order}.").format(order=head.order)
    if page.share:
        yield _("Выполнено критериев: {share}. Не отвечено: {missing}, не применимо: {other}.").format(
            share=page.share, missing=page.missing, other=page.not_applicable
        )
    yield _("Справка помогает школе и муниципалитету договориться, что исправить. Это не оценка школы.")


def _row(name: str, question: str, said: Said) -> tuple[str, str, str, str]:
    answer, finding = said.answers.get(name, Answer()), said.findings.get(name)
    return (
        question,
        level_word(answer.level),
        level_word(finding.level) if finding else "—",
        _joined(_proof(answer), finding.reason if finding else "") or "—",
    )


def _proof(answer: Answer) -> str:
    dated = day(date.fromisoformat(answer.dated)) if answer.dated else ""
    return _joined(answer.words, ", ".join(filter(None, [answer.title, dated])), answer.link)


def _joined(*parts: str) -> str:
    """Put what is told into one line."""
    return "; ".join(part.rstrip(".") for part in parts if part)


def _plan(sheet: CheckSheet, today: date) -> Iterator[Block]:
    found = list(Repair.objects.filter(sheet=sheet))
    deeds = [one for one in found if one.due_on]
    if deeds:
        yield Heading(_("План исправлений"))
        rows = [(one.what, one.who, day(one.due_on), _standing(one, today)) for one in deeds if one.due_on]
        yield Table((_("Что сделать"), _("Кто"), _("Срок"), _("Состояние")), rows, (6, 3, 3, 4))
    criteria = checklist_of(sheet.quality_check).criteria
    why = [
        f"{criteria[one.criterion].question} {one.why_not}"
        for one in found
        if one.why_not and one.criterion in criteria
    ]
    if why:
        yield Heading(_("Что решено не исправлять и почему"))
        yield Lines(why)


def _standing(one: Repair, today: date) -> str:
    assert one.due_on
    standing = standing_of(one.due_on, one.state == Repair.State.DONE, today)
    if standing == Standing.OPEN and one.state != Repair.State.AGREED:
        return str(one.get_state_display())
    said = standing_word(standing)
    return f"{said}: {one.proof or one.proof_title}" if one.state == Repair.State.DONE else said


def _signatures(page: SheetPage) -> Iterator[str]:
    for one in page.signatures:
        side = one.side.capitalize()
        if one.at:
            yield _("{side}: подписано {day}, {by}").format(side=side, day=day(one.at), by=one.by)
        else:
            yield _("{side}: не подписано").format(side=side)
