"""Measures: ``python -m tests.bench [count identify …] [--json] [--quick]``, or ``./opora bench``."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUDGET = 46.0  # seconds that a quick run may take, with a margin for the last process
FAMILIES = {
    "count": ["count", "count_scores"],
    "identify": ["identify", "what_if"],
    "import": ["import_files"],
}
PEERS = {
    "count": {"pandas": "count_pandas", "postgresql": "count_postgresql"},
    "identify": {
        "pandas": "identify_pandas",
        "pandas_pupils": "identify_pandas_pupils",
        "postgresql": "identify_postgresql",
    },
    "import": {"openpyxl": "import_files_openpyxl"},
}
TARGETS = {
    "count": "ratio ≤ 2.5",
    "count_scores": "—",
    "identify": "≤ 0.15 s",
    "what_if": "≤ 0.05 s",
    "import_files": "≥ 700 files a second",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the person choose what is measured."""
    parser.add_argument(
        "names", nargs="*", metavar="count|identify|import", help="what to measure; everything by default"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line and nothing else")
    parser.add_argument("--quick", action="store_true", help="a small country, within 50 seconds")
    parser.add_argument("--clean", action="store_true", help="remove the generated country afterwards")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, and after a full run write ``docs/bench.md``."""
    names = arguments.names or list(FAMILIES)
    if unknown := [name for name in names if name not in FAMILIES]:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(FAMILIES)}", file=sys.stderr)
        return 2
    with postgresql() as found:
        lines = []
        for line in measured(names, quick=arguments.quick, peers=found):
            lines.append(line)
            print(json.dumps(line, ensure_ascii=False) if arguments.json else said(line), flush=True)
    if not arguments.quick and set(names) == set(FAMILIES):
        (ROOT / "docs/bench.md").write_text(page(lines), encoding="utf-8")
    if arguments.clean:
        from tests.bench.country import FULL, QUICK, VAST, removed

        for country in (FULL, QUICK, VAST):
            removed(country)
    return 0


def measured(names: list[str], *, quick: bool, peers: bool) -> Iterator[dict[str, Any]]:
    """Measure each family: ours and the limit in turns, then the peers."""
    started = time.monotonic()
    size, rounds = ("quick", 3) if quick else ("full", 5)
    if {"count", "identify"} & set(names):
        child("prepare", size)
    if "import" in names:
        child("prepare_files", size)
    pieces = [piece for family in names for piece in FAMILIES[family]]
    for family in names:
        for piece in FAMILIES[family]:
            runs = [(child(piece, size), child(f"{piece}_limit", size))]
            until = started + BUDGET * (pieces.index(piece) + 1) / (len(pieces) + 2)
            while len(runs) < rounds and not (quick and time.monotonic() > until):
                runs.append((child(piece, size), child(f"{piece}_limit", size)))
            yield line_of(piece, size, [ours for ours, _limit in runs], [limit for _ours, limit in runs])
        for peer, piece in PEERS[family].items():
            late = quick and time.monotonic() - started > BUDGET * 0.8
            if late or (peer == "postgresql" and not peers):
                yield {
                    "name": family,
                    "peer": peer,
                    "size": size,
                    "seconds": None,
                    "left_out": "no time or no server",
                }
                continue
            yield {**line_of(FAMILIES[family][0], size, [child(piece, size)], []), "peer": peer}
    if not quick and "count" in names:
        child("prepare", "vast")
        runs = [(child("count", "vast"), child("count_limit", "vast")) for _ in range(3)]
        yield line_of("count", "vast", [ours for ours, _limit in runs], [limit for _ours, limit in runs])


def child(piece: str, size: str) -> dict[str, Any]:
    """Run one piece in a process of its own."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    words = [sys.executable, "-m", "tests.bench.pieces", piece, size]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


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
    """Say a measurement in one line for a person."""
    if line["seconds"] is None:
        return f"{line['name']:<14} {line['peer']:<14} left out: {line['left_out']}"
    limit = f"limit {line['limit_seconds']:.3f} s, × {line['ratio']}" if line["limit_seconds"] else ""
    peer = line.get("peer", "opora")
    cost = f"{line['rows']:>12,} {line['seconds']:>9.3f} s  {line['peak_mb']:>6} MB"
    return f"{line['name']:<14} {peer:<14} {cost}  {limit}"


def page(lines: list[dict[str, Any]]) -> str:
    """Write the page of a full run: the machine, the day, and every line."""
    rows = [
        f"| {one['name']} | {one.get('peer', 'opora')} | {one.get('rows', '')} | {one['seconds']} "
        f"| {one.get('limit_seconds') or ''} | {one.get('ratio') or ''} | {one.get('peak_mb', '')} "
        f"| {'' if 'peer' in one else TARGETS.get(one['name'], '')} |"
        for one in lines
    ]
    return "\n".join(
        [
            "# Bench",
            "",
            "Written by `./opora bench`. Seconds are medians of alternating runs; the limit is decoding the",
            "same columns by the same engine; the ratio is the median of neighbouring runs. These are",
            "planning figures of one machine, not promises.",
            "",
            f"{date.today().isoformat()} · {machine()}",
            "",
            "| name | who | rows | seconds | limit, s | ratio | peak, MB | wanted |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


def machine() -> str:
    """Describe the machine: processor, cores, memory, how busy it is."""
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.split(":")[1].strip() for line in about.splitlines() if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f} at the end"


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    configure(words)
    sys.exit(run(words.parse_args()))
