"""What a run makes of results, an edition and the registry of a day: the same every time, to the byte."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from opora.identification.tables import EVIDENCE, evidence_table, inputs, verdict_table
from opora.methodology.edition import Edition
from opora.methodology.identification import Identification, identify
from opora.results.store import Manifest, Store

VERDICT_COLUMNS = (
    "list", "school_id", "region_id", "municipality_id", "sort_key", "search_key", "rural", "by_rule",
    "listed", "excluded", "branch", "failed", "counted", "stability", "unstable",
)  # fmt: skip
BY_PEOPLE = "listed"  # a decision may change it later; everything else of a verdict stays


@dataclass(frozen=True)
class Made:
    """The verdicts and the evidence of one run, as they are kept."""

    found: Identification
    verdicts: pl.DataFrame
    evidence: pl.DataFrame
    sources: list[str]  # digests of the files behind the evidence, in the order that its rows number them

    def verdict_rows(self) -> Iterator[tuple[Any, ...]]:
        """Answer the verdicts, ``VERDICT_COLUMNS``, by list and school."""
        columns = [name.removesuffix("_id") for name in VERDICT_COLUMNS]
        return self.verdicts.sort("list", "school").select(columns).iter_rows()

    def evidence_rows(self) -> Iterator[tuple[str, int, list[Any]]]:
        """Answer list, school and the rows of its evidence, ``EVIDENCE`` each, by list and school."""
        ordered = self.evidence.sort("list", "school", maintain_order=True)  # several lists come mixed
        rows = ordered.select("list", "school", *EVIDENCE).iter_rows()
        for (name, school), told in groupby(rows, key=itemgetter(0, 1)):
            yield name, school, [row[2:] for row in told]

    def digest(self) -> str:
        """Answer the digest of all that was made: of its one canonical text."""
        return digest_of(self.verdict_rows(), self.evidence_rows())


def make(  # noqa: PLR0913, PLR0917  (all that a run depends on, and nothing else)
    store: Store,
    content: Manifest,
    schools: pl.DataFrame,
    edition: Edition,
    years: Sequence[int] | None,
    territory: str,
    changes: Mapping[str, Any] | None = None,
) -> Made:
    """Apply an edition to a content of the store; ``schools`` is the registry of the day of the run.

    Raises: what ``identify`` raises.
    """
    read = inputs(store, content, schools)
    found = identify(
        read.outcomes,
        edition,
        indicators=read.indicators,
        schools=schools.drop("sort_key", "search_key", "rural"),
        years=years,
        territory=territory,
        changes=changes,
    )
    sources = sorted(read.sources["source"].unique())
    verdicts = verdict_table(found, read, unstable_below(found))
    return Made(found, verdicts, evidence_table(found, read, sources), sources)


def unstable_below(found: Identification) -> float:
    """Answer the stability under which a verdict is called unstable: a parameter of the edition."""
    return float(found.settled["unstable_below"].value)


def as_text(told: Any) -> str:
    """Write rows the one way they are always written."""
    return json.dumps(told, ensure_ascii=False)


def digest_of(verdicts: Iterable[Sequence[Any]], evidence: Iterable[tuple[str, int, Any]]) -> str:
    """Answer the digest of verdicts and evidence by list and school, without what people may change later."""
    place = VERDICT_COLUMNS.index(BY_PEOPLE)
    text = sha256()
    for row in verdicts:
        text.update(as_text([*row[:place], *row[place + 1 :]]).encode() + b"\n")
    for name, school, rows in evidence:
        text.update(as_text([name, school, rows]).encode() + b"\n")
    return text.hexdigest()
