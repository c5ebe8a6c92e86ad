"""The data of the pack of a visit."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from opora.accounts.models import User
from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.pages import FactorCard
from opora.diagnostics.profiles.query import profile_page
from opora.language import _
from opora.visits.asked import ObservationSheet, Question, questions, sheets
from opora.visits.models import Visit
from opora.visits.pack.pages import (
    Blank,
    Choices,
    FactorInShort,
    Forms,
    PackPage,
    QuestionForm,
    QuestionGroup,
    RubricRow,
    SheetForm,
)
from opora.visits.pack.words import words
from opora.visits.pages import AgreementLine
from opora.visits.protocol import records as kinds
from opora.visits.query import lines_of_agreements, own_things, profile_of, told_at_school, visit_head
from opora.visits.telling import card
from opora.visits.words import consent_words, said, seen_words, who_was_met

DECIDING = 2  # indicators of a factor that are named
WEIGHED = ("high", "middle")  # factors whose questions stand first


@dataclass(frozen=True)
class Typed:
    """What a plain form sent and was not taken: its form, its fields, and why."""

    key: str
    given: Mapping[str, str]
    error: str


def key_of(posted: Mapping[str, str]) -> str:
    """Answer which form of the pack has sent this."""
    kind = posted.get("kind", "")
    part = {kinds.ANSWER: "question", kinds.OBSERVATION: "sheet"}.get(kind)
    return f"{kind}:{posted.get(part, '')}" if part else kind


def pack_page(viewer: User, today: date, visit: Visit, typed: Typed | None = None) -> PackPage:
    """Answer the pack of a visit that somebody holds, read ``with_names``."""
    school = told_at_school(visit)
    profile = profile_of(viewer, today, visit)
    cards = _cards(profile, today) if profile else ()
    lines = lines_of_agreements(school, today)
    own = [card(one, school.told) for one in own_things(school.things, visit)]
    return PackPage(
        head=visit_head(visit, today),
        person=viewer.pk,
        person_name=viewer.full_name,
        made_at=timezone.now(),
        told_at=_now(),
        factors=tuple(_in_short(one) for one in cards),
        groups=_groups(cards, typed),
        sheets=tuple(_sheet(one, typed) for one in sheets().values()),
        forms=_forms(lines, typed),
        agreements=tuple(line for line in lines if not line.is_kept),
        cards=tuple(own),
        words=words(),
        error=typed.error if typed else "",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cards(profile: SchoolProfile, today: date) -> tuple[FactorCard, ...]:
    every = profile_page(profile.release.campaign, profile, today).factors
    return tuple(sorted(every, key=lambda one: -1 if one.points is None else one.points, reverse=True))


def _in_short(factor: FactorCard) -> FactorInShort:
    known = [(one.title, one.points) for one in factor.indicators if one.points is not None]
    deciding = sorted(known, key=lambda one: -one[1])[:DECIDING] if factor.state in WEIGHED else []
    return FactorInShort(factor.title, factor.state, factor.level, factor.points, tuple(deciding))


def _groups(cards: tuple[FactorCard, ...], typed: Typed | None) -> tuple[QuestionGroup, ...]:
    """Put questions by factor: the profile's greatest risks first, those of every school at the end."""
    by_factor: dict[str, list[Question]] = {}
    for one in questions():
        by_factor.setdefault(one.factor, []).append(one)
    found = [
        QuestionGroup(
            one.title, one.state, one.level, tuple(_question(asked, typed) for asked in by_factor[one.name])
        )
        for one in cards
        if one.state in WEIGHED and one.name in by_factor
    ]
    general = tuple(_question(asked, typed) for asked in by_factor[""])
    return (*found, QuestionGroup(_("Спросить в каждой школе"), "", "", general))


def _question(asked: Question, typed: Typed | None) -> QuestionForm:
    blank = _blank(kinds.ANSWER, typed, asked.name)
    says = (
        _choices(seen_words(), blank.given.get("says")) if asked.factor else ()
    )  # what every school is asked
    return QuestionForm(blank, asked.name, said(asked.text), says)


def _sheet(sheet: ObservationSheet, typed: Typed | None) -> SheetForm:
    blank = _blank(kinds.OBSERVATION, typed, sheet.name)
    rows = tuple(
        RubricRow(
            row.name,
            said(row.title),
            _choices(
                {str(level): said(text) for level, text in enumerate(row.levels, 1)},
                blank.given.get(f"level_{row.name}"),
            ),
        )
        for row in sheet.rows
    )
    return SheetForm(blank, sheet.name, said(sheet.title), said(sheet.about), rows)


def _forms(lines: tuple[AgreementLine, ...], typed: Typed | None) -> Forms:
    met, kept, photo = (_blank(kind, typed) for kind in (kinds.MET, kinds.KEPT, kinds.PHOTOGRAPH))
    waiting = {line.uuid: line.what for line in lines if not line.is_kept}
    return Forms(
        met=met,
        who=_choices(who_was_met(), met.given.get("who")),
        agreement=_blank(kinds.AGREEMENT, typed),
        kept=kept,
        open_agreements=_choices(waiting, kept.given.get("agreement")),
        note=_blank(kinds.NOTE, typed),
        photo=photo,
        consent=_choices(consent_words(), photo.given.get("consent")),
    )


def _blank(kind: str, typed: Typed | None, part: str = "") -> Blank:
    key = f"{kind}:{part}" if part else kind
    name = str(uuid.uuid4())
    if typed is None or typed.key != key:
        return Blank(key, kind, name)
    return Blank(key, kind, name, typed.given, typed.error)


def _choices(words: Mapping[str, str], chosen: str | None) -> Choices:
    return tuple((value, text, value == chosen) for value, text in words.items())
