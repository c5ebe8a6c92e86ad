"""What a sheet says and what it lacks: fulfilled criteria, proofs, the check, the plan of repairs.

No grade comes out of it: a share is told of a section and of the whole with its counts beside, what concerns
no school is left out, and what nobody has answered is said and never counted as «no».
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from opora.methodology.quality.checklist import (
    ANSWERS,
    LEVELS,
    NO,
    NOT_APPLICABLE,
    PARTLY,
    YES,
    Checklist,
    Criterion,
)
from opora.methodology.shares import ratio


@dataclass(frozen=True)
class Answer:
    """What a school says of a criterion. Proof: words, or a document by its title, day and address."""

    level: str = ""  # of ``ANSWERS``; "" nothing is said yet
    words: str = ""
    title: str = ""
    dated: str = ""
    link: str = ""

    @property
    def has_proof(self) -> bool:
        """Say whether anything is told that others could look at."""
        return bool(self.words.strip() or self.title.strip() or self.link.strip())


@dataclass(frozen=True)
class Finding:
    """What the municipality found of a criterion: the level, and why where it is not the school's."""

    level: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Fulfilment:
    """How many criteria of a section are fulfilled (доля выполненных); section: "" the whole check-list.

    Units: counts of criteria. share: 0–1, by weight, of those that are answered and concern the school.
    Empty: None where there are none such.
    """

    section: str
    met: int
    partly: int
    unmet: int
    not_applicable: int
    missing: int
    share: float | None

    @property
    def judged(self) -> int:
        """Answer how many criteria the share is of."""
        return self.met + self.partly + self.unmet


def fulfilment(levels: Mapping[str, str], checklist: Checklist) -> tuple[Fulfilment, ...]:
    """Count fulfilled criteria: each section in order, then the whole. levels: criterion → level."""
    parts = [_counted(one.name, one.criteria, levels) for one in checklist.sections]
    return (*parts, _counted("", tuple(checklist.criteria.values()), levels))


def _counted(section: str, criteria: Sequence[Criterion], levels: Mapping[str, str]) -> Fulfilment:
    said = [(levels.get(one.name, ""), one.weight) for one in criteria]
    count = Counter(level for level, _weight in said)
    met = sum(weight for level, weight in said if level == YES)
    asked = sum(weight for level, weight in said if level in LEVELS)
    return Fulfilment(
        section=section,
        met=count[YES],
        partly=count[PARTLY],
        unmet=count[NO],
        not_applicable=count[NOT_APPLICABLE],
        missing=len(criteria) - sum(count[level] for level in ANSWERS),
        share=ratio(met, asked) if asked else None,
    )


def spread(sheets: Iterable[Mapping[str, str]], checklist: Checklist) -> dict[str, dict[str, int]]:
    """Count over many schools: criterion → level → schools; nothing of which school."""
    found = {name: dict.fromkeys(ANSWERS, 0) for name in checklist.criteria}
    for levels in sheets:
        for name, level in levels.items():
            if name in found and level in ANSWERS:
                found[name][level] += 1
    return found


class Lacking(StrEnum):
    """What a side lacks before it can sign."""

    LEVEL = "level"  # nothing is said of a criterion
    PROOF = "proof"  # «partly» or «yes» without anything that others could look at
    WHY = "why"  # «not applicable» without a word why
    REASON = "reason"  # another level than the school's, without a reason


@dataclass(frozen=True)
class Lack:
    """One thing that lacks, at its criterion."""

    what: Lacking
    criterion: str


def lacks_of_school(
    answers: Mapping[str, Answer], checklist: Checklist, facts: Collection[str] = ()
) -> list[Lack]:
    """Say what a school's sheet lacks, in the order of the check-list. Empty: it can be signed.

    facts: kinds that the system knows of the school: such a criterion is proven and not asked again.
    """
    found = []
    for name, criterion in checklist.criteria.items():
        own = answers.get(name, Answer())
        if own.level not in criterion.levels:
            found.append(Lack(Lacking.LEVEL, name))
        elif own.level == NOT_APPLICABLE and not own.words.strip():
            found.append(Lack(Lacking.WHY, name))
        elif own.level in (PARTLY, YES) and not own.has_proof and criterion.fact not in facts:
            found.append(Lack(Lacking.PROOF, name))
    return found


def lacks_of_check(
    findings: Mapping[str, Finding], said: Mapping[str, str], checklist: Checklist
) -> list[Lack]:
    """Say what the municipality's check lacks. said: criterion → the school's level, as it is now."""
    found = []
    for name, criterion in checklist.criteria.items():
        own = findings.get(name, Finding())
        if own.level not in criterion.levels:
            found.append(Lack(Lacking.LEVEL, name))
        elif own.level != said.get(name, "") and not own.reason.strip():
            found.append(Lack(Lacking.REASON, name))
    return found


def differing(findings: Mapping[str, Finding], said: Mapping[str, str]) -> tuple[str, ...]:
    """Name the criteria of which the municipality found another level than the school said."""
    return tuple(
        name for name, one in findings.items() if one.level and said.get(name) and one.level != said[name]
    )


def to_repair(levels: Mapping[str, str], checklist: Checklist) -> tuple[str, ...]:
    """Name the criteria that a plan of repairs (план исправлений) must hold: those not fulfilled."""
    return tuple(name for name in checklist.criteria if levels.get(name) in (NO, PARTLY))


def unplanned(levels: Mapping[str, str], planned: Collection[str], checklist: Checklist) -> tuple[str, ...]:
    """Name what the plan still lacks: neither a repair nor a reason why there is none."""
    return tuple(name for name in to_repair(levels, checklist) if name not in planned)


class Standing(StrEnum):
    """Where a repair stands on a day."""

    OPEN = "open"
    OVERDUE = "overdue"
    DONE = "done"


def standing_of(due_on: date, done: bool, today: date) -> Standing:
    """Say where a repair stands; on its last day it is still open."""
    if done:
        return Standing.DONE
    return Standing.OVERDUE if due_on < today else Standing.OPEN
