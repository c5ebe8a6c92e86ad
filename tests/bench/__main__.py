"""Measures: ``python -m tests.bench [count identify …] [--json] [--quick]``, or ``./opora bench``."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.report import KEYS, page, sides

ROOT = Path(__file__).resolve().parents[2]
BUDGET = 42.0  # seconds that a quick run may take, with a margin for the last process
PATIENCE = 150  # seconds that one piece may take
PATIENT = {  # where it is more: people in a browser, minutes of load, thousands of programs
    "sync": 3600,
    "submissions": 900,
    "attack": 600,
    "release": 1800,
}
FAMILIES = {
    "count": ["count", "count_scores"],
    "identify": ["identify", "what_if"],
    "import": ["import_files"],
}
OF_PAGES = (
    "pages",
    "whatif",
    "export",
    "access",
    "calibration",
    "bias",
    "context",
    "disagreement",
    "profile",
)
# processes that are told a size and print lines
OF_SIZE = ("selection", "attack", "release", "sync", "submissions")
KNOWN = (*FAMILIES, *OF_PAGES, "sign-in", *OF_SIZE)
LOADED = {"quick": 5, "full": 20}  # seconds of signing in
SCHOOLS = {"quick": 4_000, "full": 40_000}  # in the database, for the pages
PEERS = {
    "count": {"pandas": "count_pandas", "postgresql": "count_postgresql"},
    "identify": {
        "pandas": "identify_pandas",
        "pandas_pupils": "identify_pandas_pupils",
        "pandas_strings": "identify_pandas_strings",
        "postgresql": "identify_postgresql",
    },
    "import": {"openpyxl": "import_files_openpyxl"},
}
LIMITS = {"count": ["count_limit", "count_limit_polars"]}  # the faster one is the limit


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the person choose what is measured."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="|".join(KNOWN),
        help="what to measure; everything by default",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line and nothing else")
    parser.add_argument("--quick", action="store_true", help="a small country, within 50 seconds")
    parser.add_argument("--clean", action="store_true", help="remove the generated country afterwards")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, and after a full run write ``docs/bench.md``."""
    names = arguments.names or list(KNOWN)
    if unknown := [name for name in names if name not in KNOWN]:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(KNOWN)}", file=sys.stderr)
        return 2
    with postgresql() as found:
        lines = []
        families = [name for name in names if name in FAMILIES]
        every = chain(
            measured(families, quick=arguments.quick, peers=found),
            *(pages("quick" if arguments.quick else "full", one) for one in OF_PAGES if one in names),
            signing_in("quick" if arguments.quick else "full") if "sign-in" in names else (),
            *(of_size("quick" if arguments.quick else "full", one) for one in OF_SIZE if one in names),
        )
        for line in every:
            lines.append(line)
            print(json.dumps(line, ensure_ascii=False) if arguments.json else said(line), flush=True)
    if not arguments.quick and set(names) == set(KNOWN):
        (ROOT / "docs/bench.md").write_text(page(lines), encoding="utf-8")
    if arguments.clean:
        from tests.bench.country import FULL, QUICK, VAST, removed

        for country in (FULL, QUICK, VAST):
            removed(country)
    return 0


def measured(names: list[str], *, quick: bool, peers: bool) -> Iterator[dict[str, Any]]:
    """Measure each family: ours and the limit in turns, then the peers, told in the family's first line."""
    until = time.monotonic() + (BUDGET if quick else 24 * 3600)
    size = "quick" if quick else "full"
    if {"count", "identify"} & set(names):
        child("prepare", size)
    if "identify" in names:
        child("prepare_strings", size)
    if "import" in names:
        child("prepare_files", size)
    pieces = [piece for family in names for piece in FAMILIES[family]]
    for family in names:
        for piece in FAMILIES[family]:
            share = (until - time.monotonic()) / (len(pieces) + len(names))
            pieces.remove(piece)
            line = in_turns(piece, size, 3 if quick else 5, time.monotonic() + share)
            if piece == FAMILIES[family][0]:
                limit = line["limit_seconds"]
                for peer, found in neighbours(family, size, until, peers=peers):
                    ratio = round(found["seconds"] / limit, 2) if found["seconds"] and limit else None
                    line[peer] = found | {"limit_seconds": limit, "ratio": ratio}
            yield line
    if not quick and "count" in names:
        child("prepare", "vast")
        yield in_turns("count", "vast", 3, until)


def pages(size: str, what: str) -> Iterator[dict[str, Any]]:
    """Time the pages, or what access adds to them, over a country in a database of their own."""
    whole = dict.fromkeys(KEYS) | {"size": size}
    try:
        done = process(f"tests.bench.{what}", str(SCHOOLS[size]))
    except subprocess.SubprocessError as broken:
        yield whole | {"name": what, "left_out": reason(broken)}
        return
    for text in done.stdout.splitlines():
        found = json.loads(text)
        yield whole | found | {"name": found["name"].partition(",")[0], "page": found["name"]}


def signing_in(size: str) -> Iterator[dict[str, Any]]:
    """Count full sign-ins on two processes, with a durable database of their own."""
    whole = dict.fromkeys(KEYS) | {"name": "sign_in", "size": size}
    try:
        done = process("tests.bench.sign_in", str(LOADED[size]))
    except subprocess.SubprocessError as broken:
        yield whole | {"left_out": reason(broken)}
        return
    yield whole | json.loads(done.stdout)


def of_size(size: str, what: str) -> Iterator[dict[str, Any]]:
    """Measure what makes up a region or a country of its own: the choice of participants, the attack."""
    whole = dict.fromkeys(KEYS) | {"size": size}
    try:
        done = process(f"tests.bench.{what}", size, patience=PATIENT.get(what, PATIENCE))
    except subprocess.SubprocessError as broken:
        yield whole | {"name": what, "left_out": reason(broken)}
        return
    for text in done.stdout.splitlines():
        if text.startswith("{"):  # the solver says its name first
            yield whole | json.loads(text)


def in_turns(piece: str, size: str, rounds: int, until: float) -> dict[str, Any]:
    """Measure a piece and its limit by turns, at least once, and put the runs together."""
    runs: list[tuple[dict, dict]] = []
    while not runs or (len(runs) < rounds and time.monotonic() < until):
        ours = child(piece, size)
        limits = [child(name, size) for name in LIMITS.get(piece, [f"{piece}_limit"])]
        known = [limit for limit in limits if "failed" not in limit]
        if "failed" in ours or not known:
            reason = ours.get("failed") or limits[0].get("failed")
            return {**dict.fromkeys(KEYS), "name": piece, "size": size, "left_out": reason}
        runs.append((ours, min(known, key=lambda limit: limit["seconds"])))
    return line_of(piece, size, [ours for ours, _limit in runs], [limit for _ours, limit in runs])


def neighbours(family: str, size: str, until: float, *, peers: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure each peer once; one that cannot run is told with its reason."""
    for peer, piece in PEERS[family].items():
        if time.monotonic() > until - 8:
            found: dict[str, Any] = {"failed": "no time in a quick run"}
        elif peer == "postgresql" and not peers:
            found = {"failed": "no server"}
        else:
            found = child(piece, size)
        if "failed" in found:
            yield peer, {"rows": None, "seconds": None, "peak_mb": None, "left_out": found["failed"]}
        else:
            yield (
                peer,
                {"rows": found["rows"], "seconds": round(found["seconds"], 4), "peak_mb": found["peak_mb"]},
            )


def child(piece: str, size: str) -> dict[str, Any]:
    """Run one piece in a process of its own; one that breaks is told and breaks nothing else."""
    try:
        done = process("tests.bench.pieces", piece, size)
    except subprocess.SubprocessError as broken:
        return {"failed": reason(broken)}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def process(*words: str, patience: int = PATIENCE) -> subprocess.CompletedProcess[str]:
    """Run a module of the bench in a process of its own."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
        timeout=patience,
    )


def reason(broken: subprocess.SubprocessError) -> str:
    """Say in a line why a process gave nothing."""
    if isinstance(broken, subprocess.CalledProcessError):
        return str((broken.stderr.strip().splitlines() or ["broke off"])[-1][:200])
    assert isinstance(broken, subprocess.TimeoutExpired)
    return f"longer than {broken.timeout:.0f} s"


def line_of(name: str, size: str, ours: list[dict], limits: list[dict]) -> dict[str, Any]:
    """Put the medians of several runs together; the ratio is the median of the ratios of neighbours."""
    ratio = (
        median(our["seconds"] / limit["seconds"] for our, limit in zip(ours, limits, strict=True))
        if limits
        else None
    )
    return {
        "name": name,
        "size": size,
        "rows": ours[0]["rows"],
        "seconds": round(median(one["seconds"] for one in ours), 4),
        "limit_seconds": round(median(one["seconds"] for one in limits), 4) if limits else None,
        "ratio": round(ratio, 2) if ratio else None,
        "a_second": round(median(one["rows"] / one["seconds"] for one in ours)),
        "peak_mb": max(one["peak_mb"] for one in ours),
        "runs": len(ours),
    }


@contextmanager
def postgresql() -> Iterator[bool]:
    """Give the peers a PostgreSQL: the one of DATABASE_URL, else one of our own for this run."""
    if os.environ.get("DATABASE_URL"):
        yield True
        return
    import tempfile

    from opora.config.postgres import Cluster
    from opora.lib.spoken import Refused

    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder:
        try:
            cluster = Cluster(Path(folder) / "postgres", durable=False, with_parent=True)
            with cluster.used() as address:
                os.environ["DATABASE_URL"] = address
                yield True
        except Refused as refusal:
            print(refusal, file=sys.stderr)
            yield False
        finally:
            os.environ.pop("DATABASE_URL", None)


def said(line: dict[str, Any]) -> str:
    """Say a measurement for a person: a line for ours and one for each peer."""
    told = []
    for who, one in sides(line):
        start = f"{line['name']:<14} {line['size']:<6} {who:<14}"
        if one["seconds"] is None:
            told.append(f"{start} left out: {one['left_out']}")
            continue
        limit = f"limit {one['limit_seconds']:.3f} s, × {one['ratio']}" if one.get("limit_seconds") else ""
        if "gap_percent" in one:
            limit = f"{one['features']} features, slowest {one['slowest']} s, within {one['gap_percent']} %"
        if "recovered" in one:
            bare = one["recovered_without_complementary"]
            limit = (
                f"hidden {one['hidden']}, recovered {one['recovered']}, of small groups hidden alone {bare}"
            )
        if "page" in one and "p95_seconds" not in one:
            found = {name: value for name, value in one.items() if name not in (*KEYS, "page")}
            limit = ", ".join([one["page"], *(f"{name} {value}" for name, value in found.items())])
        elif "page" in one:
            limit = f"p95 {one['p95_seconds']:.3f} s, {one['queries']} queries: {one['page']}"
            if "adds_ms" in one:
                limit += f": access adds {one['adds_ms']} ms, {one['adds_queries']} queries"
        slower = (
            f"× {one['seconds'] / line['seconds']:.1f} ours" if one is not line and line["seconds"] else ""
        )
        peak = f"{one['peak_mb'] or '':>6} MB"
        told.append(f"{start} {one['rows']:>12,} {one['seconds']:>9.3f} s  {peak}  {limit}{slower}")
    return "\n".join(told)


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    configure(words)
    sys.exit(run(words.parse_args()))
