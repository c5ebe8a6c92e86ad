"""Immutable files of the outcomes store, named by their content; manifests list them; one is current.

A folder holds ``parts/`` (Parquet files whose names carry their digest), ``manifests/<digest>.json`` (which
parts make one content, with their SHA-256) and ``current`` (the digest of the content that counts now). A
part is never changed. ``current`` is replaced by a rename after everything that it names lies on the disk:
whoever dies in the middle leaves the earlier content valid. ``before`` is the earlier pointer (empty
before the first content): a step back to it needs no room, so that it succeeds on a full disk too.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

LAYOUT = 1  # of the folder; a content says by which layout it was written
LATER = {
    "journal": pl.List(pl.Int32)
}  # columns of outcomes that parts written before do not have: empty there
ROWS_A_GROUP = 16_384  # a school's rows are found by reading one or two groups of about half a megabyte


@dataclass(frozen=True)
class Part:
    """One immutable file of a content."""

    name: str  # its address in the folder
    kind: str  # outcomes, indicators, replaced_outcomes, replaced_indicators, cells, schools, sources, beside
    year: int  # 0 where the file serves every year
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One content of the store: its digest, and the files that make it."""

    digest: str
    parts: tuple[Part, ...]

    @property
    def years(self) -> list[int]:
        """Answer the years that have outcomes."""
        return sorted(part.year for part in self.of("outcomes"))

    @property
    def rows(self) -> int:
        """Answer how many outcomes count."""
        return sum(part.rows for part in self.of("outcomes"))

    def of(self, kind: str, years: Iterable[int] | None = None) -> list[Part]:
        """Answer the files of one kind, of all years or of these."""
        wanted = None if years is None else set(years)
        return [part for part in self.parts if part.kind == kind and (wanted is None or part.year in wanted)]


class UnknownContent(LookupError):
    """No manifest with this digest lies in the folder, or it was changed after it was written."""


class Folder:
    """A folder of parts and manifests with one writer at a time and any number of readers."""

    def __init__(self, path: Path | str):
        self.path = Path(path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait until nobody else writes, and keep others waiting."""
        for name in ("parts", "manifests"):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for left_over in self.path.glob("**/*.unfinished"):
                left_over.unlink()
            yield

    def current(self) -> Manifest | None:
        """Answer the content that counts now; None before the first one."""
        try:
            digest = (self.path / "current").read_text().strip()
        except FileNotFoundError:
            return None
        return self.manifest(digest)

    def manifest(self, digest: str) -> Manifest:
        """Answer an earlier content by its digest.

        Raises: UnknownContent.
        """
        path = self.path / "manifests" / f"{digest}.json"
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            raise UnknownContent(digest) from None
        if hashlib.sha256(text).hexdigest() != digest:
            raise UnknownContent(digest)
        return Manifest(digest, tuple(Part(**part) for part in json.loads(text)["parts"]))

    def write(self, kind: str, year: int, table: pl.DataFrame) -> Part:
        """Write a table as a part; the same table is the same file, wherever and whenever it is written."""
        content = as_parquet(table)
        sha256 = hashlib.sha256(content).hexdigest()
        stem = "-".join(word for word in ("" if kind == "outcomes" else kind, str(year or "")) if word)
        part = Part(f"parts/{stem}-{sha256[:12]}.parquet", kind, year, table.height, len(content), sha256)
        if not self.intact(part):
            self._place(part.name, content)
        return part

    def keep(self, parts: Iterable[Part]) -> Manifest:
        """Write down that these parts belong together; what counts now stays what it is."""
        listed = sorted((asdict(part) for part in parts), key=lambda part: (part["kind"], part["year"]))
        text = json.dumps({"layout": LAYOUT, "parts": listed}, indent=1, sort_keys=True).encode()
        digest = hashlib.sha256(text).hexdigest()
        self._place(f"manifests/{digest}.json", text)
        self._sync("parts", "manifests")
        return self.manifest(digest)

    def publish(self, parts: Iterable[Part]) -> Manifest:
        """Make these parts the content that counts now."""
        digest = self.keep(parts).digest
        earlier = self.path / "current"
        self._place("before", earlier.read_bytes() if earlier.exists() else b"")
        self._place("current", f"{digest}\n".encode())
        self._sync(".")
        return self.manifest(digest)

    def step_back(self, content: Manifest) -> bool:
        """Undo the change that made this content; answer whether it was current still."""
        with self.locked():
            if self.current() != content:
                return False
            before, current = self.path / "before", self.path / "current"
            if before.stat().st_size:
                before.replace(current)
            else:
                current.unlink()
            self._sync(".")
            return True

    def intact(self, part: Part) -> bool:
        """Tell whether a part lies in the folder and no byte of it was changed."""
        try:
            with (self.path / part.name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
        except FileNotFoundError:
            return False

    def read(self, part: Part, columns: list[str] | None = None) -> pl.DataFrame:
        """Read a part, or some columns of it."""
        rows = self.scan(part)
        return (rows if columns is None else rows.select(columns)).collect()

    def scan(self, part: Part) -> pl.LazyFrame:
        """Answer a part as a lazy frame: only what is asked for is read."""
        rows = pl.scan_parquet(self.path / part.name, glob=False)
        if part.kind not in ("outcomes", "replaced_outcomes"):
            return rows
        there = rows.collect_schema()
        absent = [pl.lit(None, kind).alias(name) for name, kind in LATER.items() if name not in there]
        return rows.with_columns(absent) if absent else rows

    def prune(self, keep: Iterable[str]) -> list[str]:
        """Delete contents that are neither current nor among ``keep``, and the parts that only they name."""
        with self.locked():
            current = self.current()
            kept = set(keep) | ({current.digest} if current else set())
            named = {part.name for digest in kept for part in self.manifest(digest).parts}
            named |= {f"manifests/{digest}.json" for digest in kept}
            lying = [*self.path.glob("manifests/*.json"), *self.path.glob("parts/*.parquet")]
            gone = sorted({str(path.relative_to(self.path)) for path in lying} - named)
            for name in gone:
                (self.path / name).unlink()
            return gone

    def _place(self, name: str, content: bytes) -> None:
        path = self.path / name
        unfinished = path.with_name(path.name + ".unfinished")
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)  # a full disk needs the room
            raise

    def _sync(self, *folders: str) -> None:
        """Make the names in these folders survive a loss of power."""
        for folder in folders:
            descriptor = os.open(self.path / folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def as_parquet(table: pl.DataFrame) -> bytes:
    """Answer the bytes of a Parquet file: the same for the same rows, however they are held in memory."""
    arrow = table.to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
    text = [field.name for field in arrow.schema if pa.types.is_large_string(field.type)]
    sink = pa.BufferOutputStream()
    pq.write_table(
        arrow,
        sink,
        row_group_size=ROWS_A_GROUP,
        compression="zstd",
        use_dictionary=text,
        write_statistics=True,
        write_page_index=True,
        write_page_checksum=True,
        store_schema=False,
    )
    return sink.getvalue().to_pybytes()
