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
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BUDGET = 42.0  # seconds that a quick run may take, with a margin for the last process
PATIENCE = 150  # seconds that one piece may take
FAMILIES = {
    "count": ["count", "count_scores"],
    "identify": ["identify", "what_if"],
    "import": ["import_files"],
}
KNOWN = (*FAMILIES, "pages", "access", "sign-in")
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
TARGETS: dict[tuple[str, str], list[tuple[str, float]]] = {  # what is wanted: at most so much
    ("count", "full"): [("ratio", 2.5)],
    ("count", "vast"): [("peak_mb", 1200)],
    ("identify", "full"): [("seconds", 0.15)],
    ("what_if", "full"): [("seconds", 0.05)],
    ("import_files", "full"): [("ms_a_file", 1000 / 700)],
    ("list", "full"): [("p95_seconds", 0.06), ("queries", 8)],
    ("sign_in", "full"): [("ms_a_sign_in", 1000 / 20)],
    ("access", "full"): [("adds_ms", 3), ("adds_queries", 2)],
}
KEYS = ("name", "size", "rows", "seconds", "limit_seconds", "ratio", "peak_mb")


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the person choose what is measured."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="count|identify|import|pages|access|sign-in",
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
            *(
                pages("quick" if arguments.quick else "full", one)
                for one in ("pages", "access")
                if one in names
            ),
            signing_in("quick" if arguments.quick else "full") if "sign-in" in names else (),
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


def process(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a module of the bench in a process of its own."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )


def reason(broken: subprocess.SubprocessError) -> str:
    """Say in a line why a process gave nothing."""
    if isinstance(broken, subprocess.CalledProcessError):
        return str((broken.stderr.strip().splitlines() or ["broke off"])[-1][:200])
    return f"longer than {PATIENCE} s"


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
        if "page" in one:
            limit = f"p95 {one['p95_seconds']:.3f} s, {one['queries']} queries: {one['page']}"
            if "adds_ms" in one:
                limit += f": access adds {one['adds_ms']} ms, {one['adds_queries']} queries"
        slower = (
            f"× {one['seconds'] / line['seconds']:.1f} ours" if one is not line and line["seconds"] else ""
        )
        told.append(
            f"{start} {one['rows']:>12,} {one['seconds']:>9.3f} s  {one['peak_mb']:>6} MB  {limit}{slower}"
        )
    return "\n".join(told)


def sides(line: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Answer ours and the peers of one line."""
    return [("opora", line), *((name, one) for name, one in line.items() if isinstance(one, dict))]


def met(line: dict[str, Any]) -> str:
    """Say whether what was wanted of a line is met; nothing where nothing was."""
    told = []
    for what, most in TARGETS.get((line["name"], line["size"]), []):
        if line["seconds"] is None:
            return "не измерено"
        each = what in ("ms_a_file", "ms_a_sign_in")
        value = line["seconds"] / line["rows"] * 1000 if each else line[what]
        measured = "" if each or what in ("ratio", "seconds", "peak_mb") else f" ({value})"
        verdict = "выполнено" if value <= most else "не выполнено"
        told.append(f"{WANTED[what].format(most=most)}{measured}: {verdict}")
    return "; ".join(told)


WANTED = {
    "ratio": "отношение ≤ {most}",
    "seconds": "≤ {most} с",
    "peak_mb": "память ≤ {most} МБ",
    "ms_a_file": "не меньше 700 файлов в секунду",
    "ms_a_sign_in": "не меньше 20 входов в секунду",
    "p95_seconds": "p95 ≤ {most} с",
    "queries": "не больше {most} запросов",
    "adds_ms": "доступ добавляет ≤ {most} мс",
    "adds_queries": "доступ добавляет не больше {most} запросов",
}
ABOUT = """# Замеры

Страницу пишет `./opora bench`. Секунды — медианы чередующихся запусков, каждый в своём процессе; отношение —
медиана отношений соседних запусков. Это плановые цифры одной машины, а не обещания.

- **Предел счёта** — быстрейшее из двух чтений тех же столбцов Parquet в свежем процессе: DuckDB, который
  проходит каждое значение (`bit_xor`), и Polars, который кладёт столбцы в память. Метаданными не обходится
  ни одно из двух.
- **count** — участники в оценки школ (`count_outcomes.sql`); **count_scores** — ещё и гистограмма баллов,
  предел — те же столбцы и балл.
- **identify** — перечень с основаниями из оценок, **what_if** — перечень при другом пороге; запуск программы
  и первая загрузка библиотек не считаются.
- **import_files** — книги xlsx «Протокол» по 87 участников через полное чтение на двух процессах; предел —
  одна распаковка ячеек.
- **pandas** считает из тех же строк; у identify — из готовых оценок в памяти, **pandas_pupils** — весь путь
  от строк участников до перечня, **pandas_strings** — тот же путь, как его проходит тетрадь: строки такие,
  какими их отдаёт регион, где школа, работа, предмет, класс и год — текст. **postgresql** выполняет тот же
  SQL, загрузка таблицы не считается. **openpyxl** читает ячейки и больше ничего.
- **list…, country, region** — страницы над базой, в которой 40 000 школ: время всего приложения на сервере,
  без сети; секунды — медиана сорока запросов. **run** — перечень страны, составленный и записанный.
- **access** — страница перечня со второй стеной (роль, область видимости, правила таблиц) и без неё,
  попеременно; добавка — медиана разностей соседних запросов.
- **sign_in** — полные входы по HTTP (страница, форма, сессия, запись в журнале) на двух процессах с настоящим
  Argon2; секунды — сколько длилось всё измерение.
"""


def page(lines: list[dict[str, Any]]) -> str:
    """Write the page of a full run: the machine, the day, what was wanted, and every line."""
    rows = []
    for line in lines:
        for who, one in sides(line):
            wanted = met(line) if one is line else one.get("left_out", "")
            told = [f"{one['rows']:,}".replace(",", " ") if one.get("rows") else ""]
            told += ["" if one.get(key) is None else str(one[key]) for key in KEYS[3:]]
            what = line.get("page", line["name"])
            rows.append(f"| {what} | {who} | {' | '.join(told)} | {wanted or one.get('left_out', '')} |")
    head = [
        "| что | кто | строк | секунд | предел, с | отношение | память, МБ | цель |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([ABOUT, f"{date.today().isoformat()} · {machine()}", "", *head, *rows, ""])


def machine() -> str:
    """Describe the machine: processor, cores, memory, how busy it is."""
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.split(":")[1].strip() for line in about.splitlines() if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, ядер: {os.cpu_count()}, {memory:.0f} ГБ, нагрузка в конце {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    configure(words)
    sys.exit(run(words.parse_args()))
