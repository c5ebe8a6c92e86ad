"""The data of one section of a school's sheet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.methodology.quality.checklist import Criterion, Section
from opora.methodology.quality.judging import Answer, Finding
from opora.quality.access import side_of
from opora.quality.heads import check_head, checklist_of, crumbs_of_sheet
from opora.quality.models import CheckSheet, SheetPart
from opora.quality.sheets.actions import why_not
from opora.quality.sheets.facts import Fact, facts_of
from opora.quality.sheets.pages import CriterionCard, LevelChoice, ProofShown, SectionPage
from opora.quality.sheets.said import Said, said_on
from opora.quality.wording import LEVEL_STATES, level_word
from opora.ui.components import Crumb, Wrong
from opora.ui.numbers import day

Side = SheetPart.Side


@dataclass(frozen=True)
class Given:
    """What a form sent: one of the two is filled, by the side. wrong: what cannot be kept as it is."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    findings: Mapping[str, Finding] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()


def section_page(
    viewer: User, today: date, sheet: CheckSheet, section: Section, given: Given | None = None
) -> SectionPage:
    """Answer a section of a sheet that one sees. given: what was typed and not kept is shown in its place."""
    said = said_on(sheet, side_of(viewer, sheet.school, today))
    own, locked = said.part(said.own), why_not(sheet, said, today)
    is_signed = bool(own and own.signed_at)
    facts = facts_of(viewer, today, sheet.school, {one.fact for one in section.criteria if one.fact})
    sections = checklist_of(sheet.quality_check).sections
    place = sections.index(section)
    return SectionPage(
        head=check_head(sheet.quality_check, today),
        crumbs=crumbs_of_sheet(sheet, Crumb(str(section.title))),
        school=sheet.school_id,
        name=str(sheet.school),
        section=section.name,
        title=str(section.title),
        cards=tuple(
            _card(criterion, f"{place + 1}.{at}", said, given, facts.get(criterion.fact))
            for at, criterion in enumerate(section.criteria, 1)
        ),
        own=said.own,
        may_write=bool(said.own) and (given is not None or not (locked or is_signed)),
        locked=locked,
        is_signed=is_signed,
        version=own.versions.get(section.name, 0) if own else 0,
        before=_neighbour(sheet, sections, place - 1),
        after=_neighbour(sheet, sections, place + 1),
        wrong=given.wrong if given else (),
    )


def address_of(sheet: CheckSheet, section: str) -> str:
    """Answer the address of a section of a sheet."""
    return reverse("quality:section", args=(sheet.quality_check_id, sheet.school_id, section))


def _neighbour(sheet: CheckSheet, sections: tuple[Section, ...], place: int) -> Crumb | None:
    if not 0 <= place < len(sections):
        return None
    return Crumb(str(sections[place].title), address_of(sheet, sections[place].name))


def _card(
    criterion: Criterion, number: str, said: Said, given: Given | None, fact: Fact | None
) -> CriterionCard:
    name = criterion.name
    answer, finding = said.answers.get(name, Answer()), said.findings.get(name, Finding())
    if given and said.own == Side.SCHOOL:
        answer = given.answers.get(name, Answer())
    if given and said.own == Side.MUNICIPALITY:
        finding = given.findings.get(name, Finding())
    own_level = {Side.SCHOOL: answer.level, Side.MUNICIPALITY: finding.level}
    return CriterionCard(
        name=name,
        number=number,
        question=str(criterion.question),
        asks=str(criterion.proof),
        choices=tuple(
            LevelChoice(
                level, level_word(level), str(words), said.own != Side.SCHOOL and level == answer.level
            )
            for level, words in criterion.levels.items()
        ),
        fact=fact,
        level=own_level[Side(said.own)] if said.own else "",
        reason=finding.reason,
        proof=ProofShown(answer.words, answer.title, answer.dated, answer.link, _day(answer.dated)),
        school=_shown(criterion, answer.level) if said.is_open(Side.SCHOOL) else None,
        municipality=_shown(criterion, finding.level) if said.is_open(Side.MUNICIPALITY) else None,
        why=finding.reason,
    )


def _day(dated: str) -> str:
    """Say the day of a document; what is none is shown as it was typed."""
    try:
        return day(date.fromisoformat(dated)) if dated else ""
    except ValueError:
        return dated


def _shown(criterion: Criterion, level: str) -> tuple[str, str, str]:
    return LEVEL_STATES[level], level_word(level), str(criterion.levels.get(level, ""))
