"""The outcomes store: what all files together tell of schools, in immutable files that one digest names.

Outcomes lie by year, sorted by school and cell, so that one school's are found without reading the others'.
``school`` and ``cell`` are integers: a school's number is its place among the sorted codes of a content, a
cell's is its year and its place among the sorted cells of that year. The same set of sources is the same
content, byte for byte, in whatever order they came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from opora.methodology.tables import OUTCOME_COUNTS, OUTCOME_KEY, OUTCOME_MARKS, Outcomes
from opora.results.layers import (
    INDICATOR,
    KINDS,
    OUTCOME,
    AlreadyCounted,
    AlreadyKept,
    Collision,
    Kind,
    NotKept,
    laid_over,
    stacked,
    without,
)
from opora.results.parts import Folder, Manifest, Part, UnknownContent

__all__ = [
    "AlreadyCounted",
    "AlreadyKept",
    "Collision",
    "Manifest",
    "NotKept",
    "Part",
    "Store",
    "UnknownContent",
    "packed",
]

Batch = Iterable[tuple[str, pl.DataFrame]]
CELLS_A_YEAR = 100_000
SCHOOLS = {"school": pl.Int32, "code": pl.String}
SOURCES = {"source": pl.String, "outcomes": pl.Int64, "indicators": pl.Int64}
CELLS = {"cell": pl.Int32, **OUTCOME_KEY}
COUNTS = {"school": pl.Int32, "cell": pl.Int32, **OUTCOME_COUNTS}
PACKED = {**COUNTS, **OUTCOME_MARKS, "source": pl.String, "depth": pl.Int32}


BESIDE = "beside"


@dataclass
class Draft:
    """The next content while it is put together: the tables that change, the sources that stay."""

    sources: pl.DataFrame
    changed: dict[tuple[Kind, int], pl.DataFrame] = field(default_factory=dict)  # flat, of one year


def packed(outcomes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a flat table into cells and the rest, where an integer stands for the columns of the cell.

    Shape: cells have ``cell`` and the columns of OUTCOME_KEY; the rest has the other columns and ``cell``.
    """
    key = list(OUTCOME_KEY)
    cells = outcomes.select(key).unique().sort(key)
    place = pl.int_range(pl.len(), dtype=pl.Int32).over("year")
    cells = cells.select((pl.col("year") * CELLS_A_YEAR + place).cast(pl.Int32).alias("cell"), *key)
    return cells, outcomes.join(cells, on=key, how="left").drop(key)


class Store:
    """The store in one folder. Reading needs no lock; writing waits for the other writer."""

    def __init__(self, folder: Path | str):
        self.folder = Folder(folder)

    # --- what is there

    def current(self) -> Manifest | None:
        """Answer the content that counts now; None before anything was added."""
        return self.folder.current()

    def content(self, digest: str) -> Manifest:
        """Answer an earlier content by its digest.

        Raises: UnknownContent.
        """
        return self.folder.manifest(digest)

    def verify(self, manifest: Manifest | None = None) -> list[str]:
        """Name the files of a content that are gone or have another byte than when they were written."""
        manifest = manifest or self.current()
        if manifest is None:
            return []
        changed = [part.name for part in manifest.parts if not self.folder.intact(part)]
        try:
            self.folder.manifest(manifest.digest)
        except UnknownContent:
            changed.append(f"manifests/{manifest.digest}.json")
        return sorted(changed)

    def schools(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Answer the schools' codes beside the integers that stand for them in this content.

        Shape: ``school`` (Int32), ``code``; sorted by both.
        """
        return self._whole("schools", SCHOOLS, manifest)

    def sources(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Answer the sources and how many rows each told, replaced ones included.

        Shape: ``source``, ``outcomes``, ``indicators``; sorted by source.
        """
        return self._whole("sources", SOURCES, manifest)

    def cells(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Answer the cells: ``cell`` (Int32) and the columns of OUTCOME_KEY, sorted by cell."""
        return self._whole("cells", CELLS, manifest)

    # --- results

    def outcomes(
        self,
        manifest: Manifest | None = None,
        *,
        years: Iterable[int] | None = None,
        schools: Iterable[str] | None = None,
        source: bool = False,
    ) -> Outcomes:
        """Answer outcomes as the methodology reads them; ``schools`` are codes, the answer has integers.

        Shape: cells numbered 0, 1, 2, … in this answer; counts sorted by school and cell, with ``source``
        only if asked for.
        """
        manifest = manifest or self.current()
        years = None if years is None else list(years)
        columns = [*COUNTS, "source"] if source else list(COUNTS)
        counts = self._rows("outcomes", columns, manifest, years, schools).sort("school", "cell")
        cells = self.cells(manifest)
        if years is not None:
            cells = cells.filter(pl.col("year").is_in(list(years)))
        # The engine reads fastest when cells are 0, 1, 2, …: then it need not look for a cell's place.
        place = cells["cell"].search_sorted(counts["cell"]).cast(pl.Int32)
        return Outcomes(
            cells.with_columns(cell=pl.int_range(pl.len(), dtype=pl.Int32)), counts.with_columns(cell=place)
        )

    def marks(
        self, school: str, *, years: Iterable[int] | None = None, manifest: Manifest | None = None
    ) -> pl.DataFrame:
        """Answer everything that is known of one school's outcomes: counts, marks, primary scores, source.

        Shape: the columns of OUTCOME_KEY, OUTCOME_COUNTS, OUTCOME_MARKS and ``source``, in the cells' order.
        """
        manifest = manifest or self.current()
        columns = ["cell", *OUTCOME_COUNTS, *OUTCOME_MARKS, "source"]
        rows = self._rows("outcomes", columns, manifest, years, [school])
        cells = self.cells(manifest)
        return cells.join(rows, on="cell").sort("cell").drop("cell")

    def histograms(self, manifest: Manifest, *, years: Iterable[int], schools: Iterable[str]) -> pl.DataFrame:
        """Answer outcomes with their primary scores, by the codes of schools.

        Shape: ``school`` (its code), the columns of ``CELLS``, ``takers low scores journal``; sorted by
        school and cell. Empty: ``scores`` or ``journal`` is null where a file told none.
        """
        columns = ["school", "cell", "takers", "low", "scores", "journal"]
        rows = self._rows("outcomes", columns, manifest, years, schools)
        told = self._named(rows, manifest).join(self.cells(manifest), on="cell")
        return told.select("school", *CELLS, *columns[2:]).sort("school", "cell")

    def indicators(
        self,
        manifest: Manifest | None = None,
        *,
        years: Iterable[int] | None = None,
        schools: Iterable[str] | None = None,
        source: bool = False,
    ) -> pl.DataFrame:
        """Answer indicators with the schools' codes.

        Shape: the columns of INDICATORS, with ``source`` only if asked for; sorted by key.
        """
        manifest = manifest or self.current()
        columns = [*INDICATOR.columns, "source"] if source else list(INDICATOR.columns)
        rows = self._rows("indicators", columns, manifest, years, schools)
        return self._named(rows, manifest).select(columns).sort(INDICATOR.key)

    # --- changes

    def add(
        self,
        outcomes: pl.DataFrame,
        source: str,
        *,
        indicators: pl.DataFrame | None = None,
        replace: bool = False,
    ) -> Manifest:
        """Add what one source tells: see ``add_many``."""
        told = [] if indicators is None else [(source, indicators)]
        return self.add_many([(source, outcomes)], told, replace=replace)

    def add_many(self, outcomes: Batch, indicators: Batch = (), *, replace: bool = False) -> Manifest:
        """Add what many sources tell, all of them or none.

        outcomes, indicators: pairs of a source and its table with the columns of OUTCOMES or INDICATORS.
        replace: where two sources tell the same, the later one counts, and the earlier one waits beneath it.

        Raises: AlreadyKept, AlreadyCounted, TableMismatch; nothing was written then.
        """
        batches = {OUTCOME: list(outcomes), INDICATOR: list(indicators)}
        arriving = {kind: stacked(kind, batch) for kind, batch in batches.items()}
        sources = {source for batch in batches.values() for source, _table in batch}
        with self.folder.locked():
            known = self.sources()
            if twice := sorted(sources & set(known["source"])):
                raise AlreadyKept(twice)
            draft = Draft(pl.concat([known, _told(sources, arriving)]))
            found: list[Collision] = []
            for kind, table in arriving.items():
                for (year,), rows in table.group_by("year"):
                    try:
                        merged = laid_over(kind, self._flat(kind, int(str(year))), rows, replace=replace)
                        draft.changed[kind, int(str(year))] = merged
                    except AlreadyCounted as refusal:
                        found += refusal.collisions
            if found:
                raise AlreadyCounted(sorted(found, key=lambda one: (one.school, str(one.key))))
            return self._publish(draft)

    def withdraw(self, *sources: str) -> Manifest:
        """Take sources away as if they had never come; what they had replaced counts again.

        Raises: NotKept.
        """
        with self.folder.locked():
            known = self.sources()
            if unknown := sorted(set(sources) - set(known["source"])):
                raise NotKept(unknown)
            draft = Draft(known.filter(~pl.col("source").is_in(sources)))
            for kind in KINDS:
                for year in self._years(kind):
                    flat = self._flat(kind, year)
                    if flat["source"].is_in(sources).any():
                        draft.changed[kind, year] = without(kind, flat, list(sources))
            return self._publish(draft)

    def bind(self, manifest: Manifest, table: pl.DataFrame) -> Manifest:
        """Keep a table beside a content, such as a day's registry; what counts now stays as it is."""
        with self.folder.locked():
            others = [part for part in manifest.parts if part.kind != BESIDE]
            return self.folder.keep([*others, self.folder.write(BESIDE, 0, table)])

    def beside(self, manifest: Manifest) -> pl.DataFrame | None:
        """Answer the table that was kept beside a content; None where there is none."""
        parts = manifest.of(BESIDE)
        return self.folder.read(parts[0]) if parts else None

    def step_back(self, content: Manifest) -> bool:
        """Undo the last change, which made this content: it needs no room on the disk.

        Answers whether it was undone: somebody else may have changed the store since.
        """
        return self.folder.step_back(content)

    def prune(self, keep: Iterable[str]) -> list[str]:
        """Delete the files that neither the current content nor those of these digests need; name them."""
        return self.folder.prune(keep)

    # --- how it lies

    def _whole(self, kind: str, schema: dict, manifest: Manifest | None) -> pl.DataFrame:
        manifest = manifest or self.current()
        parts = manifest.of(kind) if manifest else []
        return pl.concat([pl.DataFrame(schema=schema), *(self.folder.read(part) for part in parts)])

    def _rows(
        self,
        kind: str,
        columns: list[str],
        manifest: Manifest | None,
        years: Iterable[int] | None,
        schools: Iterable[str] | None,
    ) -> pl.DataFrame:
        """Read rows that count, of some years and schools, with integers for schools."""
        manifest = manifest or self.current()
        schema = PACKED if kind == "outcomes" else {**INDICATOR.kept, "school": pl.Int32}
        empty = pl.DataFrame(schema={name: schema[name] for name in columns})
        parts = manifest.of(kind, years) if manifest else []
        if schools is None:
            return pl.concat([empty, *(self.folder.read(part, columns) for part in parts)])
        known = self.schools(manifest)
        wanted = known.filter(pl.col("code").is_in(list(schools)))["school"]
        here = pl.col("school").is_between(wanted.min(), wanted.max()) & pl.col("school").is_in(
            wanted.to_list()
        )
        if wanted.is_empty():
            return empty
        return pl.concat(
            [empty, *(self.folder.scan(p).filter(here).select(columns).collect() for p in parts)]
        )

    def _named(self, rows: pl.DataFrame, manifest: Manifest | None) -> pl.DataFrame:
        """Put the schools' codes in the place of their integers."""
        return (
            rows.join(self.schools(manifest), on="school", how="left")
            .drop("school")
            .rename({"code": "school"})
        )

    def _years(self, kind: Kind) -> list[int]:
        manifest = self.current()
        return sorted({part.year for part in manifest.of(kind.name)}) if manifest else []

    def _flat(self, kind: Kind, year: int) -> pl.DataFrame:
        """Read a year as it was added, replaced rows included."""
        manifest = self.current()
        empty = pl.DataFrame(schema=kind.kept)
        if manifest is None:
            return empty
        parts = [*manifest.of(kind.name, [year]), *manifest.of(f"replaced_{kind.name}", [year])]
        rows = [self.folder.read(part) for part in parts]
        flat = [
            table if "depth" in table.columns else table.with_columns(depth=pl.lit(0, pl.Int32))
            for table in rows
        ]
        if not flat:
            return empty
        table = self._named(pl.concat(flat, how="diagonal"), manifest)
        if kind is OUTCOME:
            table = table.join(self.cells(manifest), on="cell", how="left")
        return table.select(list(kind.kept))

    def _publish(self, draft: Draft) -> Manifest:
        """Write the parts that differ from the current content's, and point at them."""
        manifest = self.current()
        old = self.schools()
        touched = {(kind.name, year) for kind, year in draft.changed}
        staying = [
            part
            for part in (manifest.parts if manifest else ())
            if part.year and (part.kind.removeprefix("replaced_"), part.year) not in touched
        ]
        schools = self._schools_of(draft, staying, old)
        numbers = old.join(schools, on="code", suffix="_now").select("school", "school_now")
        parts = staying if schools.equals(old) else [self._renumbered(part, numbers) for part in staying]
        cells = [
            self.cells().filter(~pl.col("year").is_in([year for name, year in touched if name == "outcomes"]))
        ]
        for (kind, year), flat in draft.changed.items():
            table = flat.rename({"school": "code"}).join(schools, on="code", how="left").drop("code")
            if kind is OUTCOME:
                found, table = packed(table)
                cells.append(found)
            parts += self._written(kind, year, table)
        parts.append(self.folder.write("cells", 0, pl.concat(cells).sort("cell")))
        parts.append(self.folder.write("schools", 0, schools))
        parts.append(self.folder.write("sources", 0, draft.sources.sort("source")))
        return self.folder.publish(parts)

    def _schools_of(self, draft: Draft, staying: list[Part], old: pl.DataFrame) -> pl.DataFrame:
        """Number the schools that the next content knows, in the order of their codes."""
        there = [self.folder.read(part, ["school"]).unique() for part in staying]
        codes = [table.join(old, on="school").select("code") for table in there]
        codes += [flat.select(code="school").unique() for flat in draft.changed.values()]
        known = pl.concat([pl.DataFrame(schema={"code": pl.String}), *codes]).unique().sort("code")
        return known.with_row_index("school").cast(SCHOOLS)  # type: ignore[arg-type]

    def _renumbered(self, part: Part, numbers: pl.DataFrame) -> Part:
        """Write a part again with the schools' new numbers; their order is the same, so the rows' is too."""
        table = self.folder.read(part)
        now = table["school"].replace_strict(numbers["school"], numbers["school_now"], return_dtype=pl.Int32)
        return self.folder.write(part.kind, part.year, table.with_columns(school=now))

    def _written(self, kind: Kind, year: int, table: pl.DataFrame) -> list[Part]:
        """Write a year: the rows that count, and apart from them the replaced ones."""
        schema = PACKED if kind is OUTCOME else {**kind.kept, "school": pl.Int32}
        order = ["school", "cell"] if kind is OUTCOME else list(kind.key)
        table = table.select(list(schema)).sort(*order, "depth")
        counting = table.filter(pl.col("depth") == 0).drop("depth")
        replaced = table.filter(pl.col("depth") > 0)
        named = {kind.name: counting, f"replaced_{kind.name}": replaced}
        return [self.folder.write(name, year, rows) for name, rows in named.items() if rows.height]


def _told(sources: set[str], arriving: dict[Kind, pl.DataFrame]) -> pl.DataFrame:
    """Count the rows that each arriving source tells; one that tells nothing is a source too."""
    table = pl.DataFrame({"source": sorted(sources)}, schema={"source": pl.String})
    for kind, rows in arriving.items():
        counts = rows.group_by("source").agg(pl.len().cast(pl.Int64).alias(kind.name))
        table = table.join(counts, on="source", how="left").with_columns(pl.col(kind.name).fill_null(0))
    return table.select(list(SOURCES))
