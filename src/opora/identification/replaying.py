"""Is a kept list still what its results, edition and decisions make of it? Every changed cell is named.

A run is made again from the store: the content that it names, the registry of its day that was kept beside,
the text of its edition. What was made is compared cell by cell with what the database holds; what stands on
the list is compared with the decisions; what the trace recorded of the run is compared with all of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl

from opora.audit.models import Event
from opora.identification.making import BY_PEOPLE, VERDICT_COLUMNS, Made, digest_of, make
from opora.identification.models import Amendment, Evidence, PlaceCount, Run, Verdict
from opora.identification.tables import EVIDENCE, counts_of
from opora.language import _
from opora.methodology.edition import parse
from opora.methodology.parameters import FEDERAL
from opora.registry.models import School
from opora.results.parts import UnknownContent
from opora.results.store import Store

Key = tuple[str, int]  # list and school
LISTED, BY_RULE = VERDICT_COLUMNS.index(BY_PEOPLE), VERDICT_COLUMNS.index("by_rule")


class CannotReplay(Exception):
    """The store does not hold what the run was made of: the sentence says what is missing."""


@dataclass(frozen=True)
class Replayed:
    """What a replay found: how much it compared, and every difference in a sentence."""

    verdicts: int
    results: int  # rows of evidence
    differences: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """What the database holds of a run, in the order in which it is made."""

    run: Run
    verdicts: dict[Key, tuple[Any, ...]]
    evidence: dict[Key, list[Any]]
    codes: dict[int, str]

    def name(self, key: Key) -> str:
        """Say which school on which list."""
        return f"{self.codes.get(key[1]) or key[1]} ({key[0]})"


def replay(run: Run, store: Store) -> Replayed:
    """Make a run again and compare.

    Raises: CannotReplay.
    """
    made, kept = _made(run, store), _kept(run)
    told = (_of_run, _verdicts, _evidence, _decisions, _counts)
    differences = tuple(sentence for compare in told for sentence in compare(kept, made))
    return Replayed(len(kept.verdicts), sum(map(len, kept.evidence.values())), differences)


def _made(run: Run, store: Store) -> Made:
    try:
        content = store.content(run.content)
    except UnknownContent:
        raise CannotReplay(_("В хранилище нет содержимого {digest}").format(digest=run.content)) from None
    if changed := ", ".join(store.verify(content)):
        raise CannotReplay(_("В хранилище пропали или изменены файлы: {files}").format(files=changed))
    schools = store.beside(content)
    if schools is None:
        raise CannotReplay(_("Прогон сделан до того, как Опора стала хранить реестр его дня"))
    edition = parse(run.edition_text, run.edition)
    territory = run.territory.iso if run.territory else FEDERAL
    return make(store, content, schools, edition, run.options.get("years"), territory)


def _kept(run: Run) -> Kept:
    verdicts = sorted(Verdict.objects.filter(run=run).values_list(*VERDICT_COLUMNS), key=lambda row: row[:2])
    evidence = sorted(Evidence.objects.filter(run=run).values_list("list", "school_id", "rows"))
    schools = School.objects.filter(pk__in={row[1] for row in verdicts})
    return Kept(
        run,
        {row[:2]: row for row in verdicts},
        {(name, school): rows for name, school, rows in evidence},
        dict(schools.values_list("pk", "vpr_login")),
    )


def _of_run(kept: Kept, made: Made) -> Iterator[str]:
    """Compare the run itself with its digests and with what the trace recorded when it was made."""
    run = kept.run
    if sha256(run.edition_text.encode()).hexdigest() != run.edition_digest:
        yield _("Текст методики изменён: его отпечаток другой.")
    if list(made.found.years) != run.years:
        yield _("Годы прогона изменены.")
    if made.sources != run.options.get("sources"):
        yield _("Список файлов прогона изменён.")
    evidence = ((*key, rows) for key, rows in kept.evidence.items())
    if digest_of(kept.verdicts.values(), evidence) != run.result:
        yield _("Отпечаток решений и оснований другой, чем записан в прогоне.")
    events = Event.objects.filter(target="identification.run", target_id=str(run.pk))
    recorded = events.filter(deed="identification.start_run").values_list("details", flat=True).first()
    told = {"digest": run.edition_digest, "content": run.content, "result": run.result}
    if recorded is None or any(recorded.get(name) != value for name, value in told.items()):
        yield _("Прогон не тот, о котором записано в журнале.")


def _verdicts(kept: Kept, made: Made) -> Iterator[str]:
    again = {row[:2]: row for row in made.verdict_rows()}
    for key in sorted(again.keys() | kept.verdicts.keys()):
        if key not in again:
            yield _("Школа {school}: такого решения не было.").format(school=kept.name(key))
        elif key not in kept.verdicts:
            yield _("Школа {school}: решение пропало.").format(school=kept.name(key))
        else:
            was, now = list(kept.verdicts[key]), list(again[key])
            was[LISTED] = now[LISTED] = None  # told apart, with the decisions
            yield from _cells(kept.name(key), VERDICT_COLUMNS, was, now)


def _evidence(kept: Kept, made: Made) -> Iterator[str]:
    again = {(name, school): rows for name, school, rows in made.evidence_rows()}
    for key in sorted(again.keys() | kept.evidence.keys()):
        was, now = kept.evidence.get(key, []), again.get(key, [])
        if len(was) != len(now):
            yield _("Школа {school}: оснований не столько, сколько было.").format(school=kept.name(key))
            continue
        for before, after in zip(was, now, strict=True):
            yield from _cells(kept.name(key), EVIDENCE, before, after)


def _cells(school: str, names: tuple[str, ...], was: Any, now: Any) -> Iterator[str]:
    """Name each cell of a row that is another now."""
    for name, before, after in zip(names, was, now, strict=True):
        if before != after:
            said = _("Школа {school}: {cell} — записано {was}, а следует {now}.")
            yield said.format(school=school, cell=name, was=before, now=after)


def _decisions(kept: Kept, _made: Made) -> Iterator[str]:
    """Compare what stands on the list with the rule and the decisions, the last of which counts."""
    decided = {}
    for one in Amendment.objects.filter(run=kept.run).order_by("pk"):
        decided[one.list, one.school_id] = one.joins
    for key, row in kept.verdicts.items():
        if row[LISTED] != decided.get(key, row[BY_RULE]):
            said = _("Школа {school}: место в перечне не следует ни из правила, ни из решений.")
            yield said.format(school=kept.name(key))


def _counts(kept: Kept, made: Made) -> Iterator[str]:
    """Compare the counts of places with the verdicts that they count."""
    keys = made.verdicts.select("list", "school").iter_rows()
    stands = [kept.verdicts[key][LISTED] if key in kept.verdicts else False for key in keys]
    rows = made.verdicts.with_columns(pl.Series("listed", stands, pl.Boolean))
    again = {(name, place): tuple(counts) for name, _region, place, *counts in counts_of(rows).iter_rows()}
    told = PlaceCount.objects.filter(run=kept.run)
    now = {(one.list, one.municipality_id): (one.schools, one.listed, one.unstable) for one in told}
    if now != again:
        yield _("Счёт по муниципалитетам не сходится с решениями.")
