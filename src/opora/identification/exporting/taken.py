"""What an export takes: the schools of a list as far as the viewer sees, by name, piece by piece."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from opora.identification.models import Evidence, Run, Verdict
from opora.identification.queries import region_name
from opora.identification.stamp import Stamp
from opora.identification.tables import EVIDENCE
from opora.identification.wording import branch_label as branch_words
from opora.identification.wording import edition_of, legal_note, standing_words
from opora.language import _
from opora.registry.models import Region
from opora.results.words import evidence_name
from opora.ui.numbers import day, share

AT_ONCE = 1_000  # schools that are read together
SHOWN = ("school", "municipality")


@dataclass(frozen=True)
class Taken:
    """One export: the run, the list, which schools, and who took it."""

    run: Run
    name: str  # of the list in the edition
    title: str  # of the list
    found: QuerySet[Verdict]
    count: int
    stamp: Stamp
    narrowed: str  # «Приморский край; только в перечне»: which of the schools
    changed: tuple[str, ...]  # numbers that are not the edition's

    @property
    def note(self) -> str:
        """Answer what the list may not be used for."""
        return legal_note()

    def about(self) -> tuple[str, ...]:
        """Say in lines what this is: they stand above every table."""
        run, edition = self.run, edition_of(self.run)
        years = ", ".join(str(year) for year in run.years)
        state = _("{state}: приказа ещё нет").format(state=run.get_state_display())
        if run.order_date:
            told = _("Приказ № {number} от {day}")
            state = told.format(number=run.order_number, day=day(run.order_date))
        return (
            self.title,
            _("Методика: {title}; годы: {years}").format(title=edition.title, years=years),
            *(_("Число изменено. {said}").format(said=one) for one in self.changed),
            f"{state}. {self.narrowed}",
            self.note,
            self.stamp.words(),
        )


@dataclass(frozen=True)
class Line:
    """A school as the tables of an export show it."""

    number: int
    name: str
    code: str
    region: str
    municipality: str
    rural: bool
    listed: bool
    standing: str  # «выше порога 2 из 8; выведена решением»
    branch: str
    failed: int
    counted: int
    stability: float | None
    unstable: bool
    reasons: str  # the results that decided


def pieces(found: QuerySet[Verdict]) -> Iterator[list[Verdict]]:
    """Read verdicts by name, some at a time."""
    ordered = found.select_related(*SHOWN).order_by("sort_key", "school_id")
    last: Verdict | None = None
    while True:
        part = ordered
        if last is not None:
            after = Q(sort_key__gt=last.sort_key) | Q(sort_key=last.sort_key, school_id__gt=last.school_id)
            part = ordered.filter(after, sort_key__gte=last.sort_key)
        rows = list(part[:AT_ONCE])
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        last = rows[-1]


def lines(taken: Taken) -> Iterator[Line]:
    """Say each school, with what decided on it."""
    edition = edition_of(taken.run)
    regions = {one.pk: region_name(one) for one in Region.objects.all()}
    number = 0
    for rows in pieces(taken.found):
        reasons = deciding(taken.run, taken.name, [one.school_id for one in rows])
        for one in rows:
            number += 1
            yield Line(
                number=number,
                name=str(one.school),
                code=one.school.vpr_login or one.school.ris_code,
                region=regions.get(one.region_id, ""),
                municipality=one.municipality.name,
                rural=one.rural,
                listed=one.listed,
                standing=standing_words(one, edition),
                branch=branch_words(edition, taken.name, one.branch),
                failed=one.failed,
                counted=one.counted,
                stability=one.stability,
                unstable=one.unstable,
                reasons="; ".join(reasons.get(one.school_id, ())),
            )


def deciding(run: Run, name: str, schools: list[int]) -> dict[int, tuple[str, ...]]:
    """Say the results that decided on some schools: «ВПР-2019, математика, 5 класс: 9 из 28 (32 %)»."""
    kept = Evidence.objects.filter(run=run, list=name, school__in=schools).values_list("school_id", "rows")
    return {school: tuple(_reasons(rows)) for school, rows in kept}


def _reasons(rows: list[list[Any]]) -> Iterator[str]:
    for cells in rows:
        row = dict(zip(EVIDENCE, cells, strict=True))
        if not row["deciding"]:
            continue
        name = evidence_name(row)
        if row["low"] is not None and row["takers"]:
            told = _("{name}: {low} из {takers} ({share})")
            yield told.format(name=name, low=row["low"], takers=row["takers"], share=share(row["share"]))
        elif row["share"] is not None:
            yield f"{name}: {share(row['share'])}"
        else:
            yield name
