"""What is kept of a list: in the database, or in a file that was exported from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from opora.audit.models import Event
from opora.identification.making import VERDICT_COLUMNS
from opora.identification.models import Amendment, Evidence, PlaceCount, Run, Verdict
from opora.methodology.parameters import FEDERAL
from opora.registry.models import School

Key = tuple[str, int]  # list and school
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Facts:
    """All that a list was made of, and the digests by which that is known again."""

    edition: str  # its name
    edition_text: str
    edition_digest: str
    years: list[int]
    asked_years: list[int] | None  # None: the edition's own window
    territory: str  # ISO 3166-2
    changes: dict[str, Any]  # numbers that are not the edition's
    content: str
    result: str
    sources: list[str]

    def told(self) -> dict[str, Any]:
        """Answer them as a file holds them."""
        return asdict(self)


@dataclass(frozen=True)
class Kept:
    """A list as it is kept, in the order in which it is made."""

    facts: Facts
    verdicts: Mapping[Key, Row]  # VERDICT_COLUMNS each
    evidence: Mapping[Key, list[Any]]  # rows of EVIDENCE
    codes: Mapping[int, str]
    decided: Mapping[Key, bool]  # what the last decision of people says of a school
    whole: bool = True  # False: an export of a part
    counts: Mapping[tuple[str, int], Row] | None = None  # None: a file keeps none
    recorded: Mapping[str, Any] | None = None  # by the trace; None: a file has no trace

    def name(self, key: Key) -> str:
        """Say which school on which list."""
        return f"{self.codes.get(key[1]) or key[1]} ({key[0]})"


def facts_of(run: Run) -> Facts:
    """Answer what a run of the database was made of."""
    return Facts(
        edition=run.edition,
        edition_text=run.edition_text,
        edition_digest=run.edition_digest,
        years=run.years,
        asked_years=run.options.get("years"),
        territory=run.territory.iso if run.territory else FEDERAL,
        changes=run.changes,
        content=run.content,
        result=run.result,
        sources=run.options.get("sources") or [],
    )


def kept_of(run: Run) -> Kept:
    """Answer what the database holds of a run."""
    verdicts = sorted(Verdict.objects.filter(run=run).values_list(*VERDICT_COLUMNS), key=lambda row: row[:2])
    evidence = sorted(Evidence.objects.filter(run=run).values_list("list", "school_id", "rows"))
    schools = School.objects.filter(pk__in={row[1] for row in verdicts})
    places = PlaceCount.objects.filter(run=run)
    return Kept(
        facts_of(run),
        {row[:2]: row for row in verdicts},
        {(name, school): rows for name, school, rows in evidence},
        dict(schools.values_list("pk", "vpr_login")),
        decisions(run),
        counts={(one.list, one.municipality_id): (one.schools, one.listed, one.unstable) for one in places},
        recorded=_recorded(run),
    )


def decisions(run: Run) -> dict[Key, bool]:
    """Answer what the last decision says of each school on which people decided."""
    return {(one.list, one.school_id): one.joins for one in Amendment.objects.filter(run=run).order_by("pk")}


def _recorded(run: Run) -> dict[str, Any]:
    events = Event.objects.filter(target="identification.run", target_id=str(run.pk))
    found = events.filter(deed="identification.start_run").values_list("details", flat=True).first()
    return found or {}
