"""Is a kept list still what its results, edition and decisions make of it? Every changed cell is named.

A list is made again from the store: the content that it names, the registry of its day that was kept beside,
the text of its edition. What was made is compared cell by cell with what is kept, in the database or in an
exported file; what stands on the list is compared with the decisions; what the trace recorded, with it all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import polars as pl

from opora.identification.kept import Kept
from opora.identification.making import BY_PEOPLE, VERDICT_COLUMNS, Made, digest_of, make
from opora.identification.tables import EVIDENCE, counts_of
from opora.language import _
from opora.methodology.edition import parse
from opora.results.parts import UnknownContent
from opora.results.store import Store

LISTED, BY_RULE = VERDICT_COLUMNS.index(BY_PEOPLE), VERDICT_COLUMNS.index("by_rule")


class CannotReplay(Exception):
    """The store does not hold what the list was made of: the sentence says what is missing."""


@dataclass(frozen=True)
class Replayed:
    """What a replay found: how much it compared, and every difference in a sentence."""

    verdicts: int
    results: int  # rows of evidence
    differences: tuple[str, ...]


def replay(kept: Kept, store: Store) -> Replayed:
    """Make a list again and compare.

    Raises: CannotReplay.
    """
    made = _made(kept, store)
    told = (_of_run, _verdicts, _evidence, _decisions, _counts)
    differences = tuple(sentence for compare in told for sentence in compare(kept, made))
    return Replayed(len(kept.verdicts), sum(map(len, kept.evidence.values())), differences)


def _made(kept: Kept, store: Store) -> Made:
    facts = kept.facts
    try:
        content = store.content(facts.content)
    except UnknownContent:
        raise CannotReplay(_("В хранилище нет содержимого {digest}").format(digest=facts.content)) from None
    if changed := ", ".join(store.verify(content)):
        raise CannotReplay(_("В хранилище пропали или изменены файлы: {files}").format(files=changed))
    schools = store.beside(content)
    if schools is None:
        raise CannotReplay(_("Прогон сделан до того, как Опора стала хранить реестр его дня"))
    edition = parse(facts.edition_text, facts.edition)
    return make(store, content, schools, edition, facts.asked_years, facts.territory, facts.changes)


def _of_run(kept: Kept, made: Made) -> Iterator[str]:
    """Compare the list itself with its digests and with what the trace recorded when it was made."""
    facts = kept.facts
    if sha256(facts.edition_text.encode()).hexdigest() != facts.edition_digest:
        yield _("Текст методики изменён: его отпечаток другой.")
    if list(made.found.years) != facts.years:
        yield _("Годы прогона изменены.")
    if made.sources != facts.sources:
        yield _("Список файлов прогона изменён.")
    evidence = ((*key, rows) for key, rows in kept.evidence.items())
    if kept.whole and digest_of(kept.verdicts.values(), evidence) != facts.result:
        yield _("Отпечаток решений и оснований другой, чем записан в прогоне.")
    told: dict[str, Any] = {"digest": facts.edition_digest, "content": facts.content, "result": facts.result}
    told["changes"] = facts.changes or None  # not recorded where there are none
    if kept.recorded is not None and any(kept.recorded.get(name) != value for name, value in told.items()):
        yield _("Прогон не тот, о котором записано в журнале.")


def _verdicts(kept: Kept, made: Made) -> Iterator[str]:
    again = {row[:2]: row for row in made.verdict_rows()}
    for key in sorted(again.keys() | kept.verdicts.keys()):
        if key not in again:
            yield _("Школа {school}: такого решения не было.").format(school=kept.name(key))
        elif key not in kept.verdicts:
            if kept.whole:
                yield _("Школа {school}: решение пропало.").format(school=kept.name(key))
        else:
            was, now = list(kept.verdicts[key]), list(again[key])
            was[LISTED] = now[LISTED] = None  # told apart, with the decisions
            yield from _cells(kept.name(key), VERDICT_COLUMNS, was, now)


def _evidence(kept: Kept, made: Made) -> Iterator[str]:
    again = {(name, school): rows for name, school, rows in made.evidence_rows()}
    keys = again.keys() | kept.evidence.keys() if kept.whole else kept.verdicts.keys()
    for key in sorted(keys):
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
    for key, row in kept.verdicts.items():
        if row[LISTED] != kept.decided.get(key, row[BY_RULE]):
            said = _("Школа {school}: место в перечне не следует ни из правила, ни из решений.")
            yield said.format(school=kept.name(key))


def _counts(kept: Kept, made: Made) -> Iterator[str]:
    """Compare the counts of places with the verdicts that they count."""
    if kept.counts is None:
        return
    keys = made.verdicts.select("list", "school").iter_rows()
    stands = [kept.verdicts[key][LISTED] if key in kept.verdicts else False for key in keys]
    rows = made.verdicts.with_columns(pl.Series("listed", stands, pl.Boolean))
    again = {(name, place): tuple(counts) for name, _region, place, *counts in counts_of(rows).iter_rows()}
    if kept.counts != again:
        yield _("Счёт по муниципалитетам не сходится с решениями.")
