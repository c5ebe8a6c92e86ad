"""Sends sheets of answers as fast as they are taken: ``python -m tests.bench.submissions SIZE``; JSON lines.

Teachers' questionnaires of sixty answers, each under a one-time code of its own, from eight clients for a
minute; then at half that pace for five minutes, where a client that falls behind is told as late; every
fiftieth sheet is sent twice at once, as a device does that did not hear. A worker mixes sheets meanwhile, as
always. Then thirty phones open a questionnaire at once, each on a line of 32 kbit/s. Two processes
that serve, the database, the worker and the clients share the machine. Every sheet bears a number in its own
words, so that what was told as taken is counted in the database: lost, doubled.
"""

import gzip
import http.client
import json
import re
import secrets
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from urllib.parse import urljoin

from tests.bench.serving import durable_database, serving, worked

PROCESSES, CLIENTS, PHONES = 2, 8, 30
SECONDS = {"quick": (5, 10), "full": (60, 300)}  # as fast as they are taken, then at half that pace
SCHOOLS, CODES = 150, 500  # of each school
FORM, MATRICES, ROWS, NUMBERED = "load-2026", 6, 10, "suggestion"
TWICE = 50  # every so many-th sheet is sent twice
LINE = 4_000  # bytes a second of a slow phone
SLOW = 512  # bytes that a slow phone reads at once


@dataclass
class Told:
    """What clients were told: seconds of each sheet, numbers of those that were taken, all other answers."""

    took: list[float] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    other: Counter[str] = field(default_factory=Counter)


def form_text() -> str:
    """Write a questionnaire of sixty answers for teachers."""
    items = "\n".join(
        f'      - {{name: m{matrix}, type: matrix, scale: agree, text: {{ru: "Вопрос {matrix}?"}}, '
        f"rows: {{{', '.join(f'r{row}: {{ru: Строка {row}}}' for row in range(ROWS))}}}}}"
        for matrix in range(MATRICES)
    )
    steps = "\n".join(f"    - {{ru: {step}}}" for step in ("нет", "скорее нет", "скорее да", "да"))
    return f"""
name: {FORM}
year: 2026
audience: teacher
languages: [ru]
status: Opora default
title: {{ru: Нагрузка}}
introduction: {{ru: Шестьдесят ответов}}
purpose: {{ru: Чтобы измерить}}
legal_basis: {{ru: Добровольно}}
used_by: {{ru: Никто}}
minutes: 10
voluntary: true
anonymous: true
scales:
  agree:
{steps}
pages:
  - title: {{ru: Вопросы}}
    items:
{items}
      - {{name: {NUMBERED}, type: text, text: {{ru: "Что ещё?"}}, help: {{ru: Без имён}}}}
"""


def campaign() -> list[tuple[str, list[str]]]:
    """Begin a survey of many schools; answer the token and the codes of each."""
    from datetime import timedelta

    from django.utils import timezone

    from opora.accounts.actions import add_person
    from opora.diagnostics.campaigns.actions import Asked, make_codes, open_campaign, prepare_campaign
    from opora.diagnostics.codes import code_of
    from opora.diagnostics.models import SurveyLink
    from opora.registry.actions import appoint, load_regions
    from opora.registry.models import Municipality, Region, School
    from opora.registry.roles import Role

    load_regions()
    region, today = Region.objects.get(pk="25"), timezone.localdate()
    place = Municipality.objects.create(region=region, name="Нагрузка", kind="municipal_district")
    for number in range(SCHOOLS):
        School.objects.create(region=region, municipality=place, name=f"Школа {number}")
    person = add_person("load@example.org", "Человек", None)
    appoint(person, Role.REGIONAL_COORDINATOR, since=today, region=region)
    asked = Asked("Нагрузка", 2026, (FORM,), today, today + timedelta(days=5), region)
    made = open_campaign(prepare_campaign(asked, School.objects.filter(municipality=place), person), person)
    found = []
    for link in SurveyLink.objects.filter(campaign=made).order_by("pk"):
        numbers = make_codes(link, CODES, person)
        found.append((link.token, [code_of(link.token, number) for number in numbers]))
    return found


def sheets(links: list[tuple[str, list[str]]]) -> Iterator[tuple[str, bytes, str]]:
    """Give sheets to send, school by turns: the path, the content, the number that it bears."""
    random = Random(1)
    names = [f"m{matrix}.r{row}" for matrix in range(MATRICES) for row in range(ROWS)]
    for place in range(CODES):
        for at, (token, codes) in enumerate(links):
            number = f"№{place}-{at}"
            answers: dict[str, Any] = {name: random.randint(1, 4) for name in names}
            told = {
                "receipt": secrets.token_hex(16),
                "code": codes[place],
                "answers": answers | {NUMBERED: number},
            }
            yield f"/a/{token}/", json.dumps(told).encode(), number


class Client:
    """Sends sheets on a connection that stays open, and keeps what it is told."""

    def __init__(self, port: int, told: Told) -> None:
        """Connect at the first sheet."""
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.told = told

    def send(self, path: str, content: bytes) -> str:
        """Send a sheet; answer the word that the server says of it. A line that was idle is opened anew."""
        try:
            self.connection.request("POST", path, content, {"Content-Type": "application/json"})
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            return self.send(path, content)
        return str(json.loads(answer.read())["told"])

    def take(self, one: tuple[str, bytes, str], since: float, twice: "Client | None") -> None:
        """Send a sheet, by two at once where there is another, and note what is told of it."""
        path, content, number = one
        words: list[str] = []
        second = threading.Thread(target=lambda: words.append(twice.send(path, content))) if twice else None
        if second:
            second.start()
        words.append(self.send(path, content))
        self.told.took.append(time.perf_counter() - since)
        if second:
            second.join()
        expected = ["again", "taken"] if twice else ["taken"]
        if sorted(words) == expected:
            self.told.taken.append(number)
        else:
            self.told.other.update(words)


def loaded(ports: list[int], queue: Iterator[Any], seconds: float, pace: float | None = None) -> Told:
    """Send sheets for so long from several clients.

    ``pace``: so many a second, None: as fast as they are taken. At a pace, a sheet's seconds are counted from
    when it was due.
    """
    told, lock, started = Told(), threading.Lock(), time.perf_counter()
    due = [0]

    def following() -> tuple[Any, int] | None:
        with lock:
            due[0] += 1
            return (next(queue), due[0]) if time.perf_counter() - started < seconds else None

    def work(number: int) -> None:
        mine = Client(ports[number % len(ports)], told)
        other = Client(ports[(number + 1) % len(ports)], told)
        while found := following():
            one, turn = found
            since = started + turn / pace if pace else time.perf_counter()
            if since > started + seconds:
                return
            time.sleep(max(0.0, since - time.perf_counter()))
            mine.take(one, since, None if turn % TWICE else other)

    _together([lambda number=number: work(number) for number in range(CLIENTS)])
    return told


def _together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def opened(port: int, path: str) -> float:
    """Open a questionnaire as a phone on a slow line does; answer the seconds until all of it is there."""
    started, wanted, seen = time.perf_counter(), [path], set[str]()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            text = read_slowly(port, name)
            wanted += re.findall(r'(?:href|src)="(/static/diagnostics/[^"]+)"', text)
            wanted += [urljoin(name, one) for one in re.findall(r'from "([^"]+[.]js)"', text)]
    return time.perf_counter() - started


def read_slowly(port: int, path: str) -> str:
    """Read an answer at the pace of a slow line, compressed; its text."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asked = ("Host: 127.0.0.1", "Accept-Encoding: gzip", "Connection: close", "", "")
        line.sendall("\r\n".join((f"GET {path} HTTP/1.1", *asked)).encode())
        got = b""
        while piece := line.recv(SLOW):
            got += piece
            time.sleep(len(piece) / LINE)
    head, _gap, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:200]
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()


def kept() -> Counter[str]:
    """Count the sheets in the database by the number that each bears."""
    from opora.diagnostics.models import Sheet, WaitingSheet

    return Counter(
        number
        for model in (Sheet, WaitingSheet)
        for number in model.objects.values_list(f"answers__{NUMBERED}", flat=True)
    )


def line_of(name: str, told: Told, seconds: float, work: float) -> dict[str, Any]:
    """Put the measurement of one pace together."""
    cuts = quantiles(told.took, n=20, method="inclusive")
    return {
        "name": name,
        "rows": len(told.taken),
        "seconds": round(seconds, 1),
        "a_second": round(len(told.taken) / seconds, 1),
        "p50_seconds": round(cuts[9], 4),
        "p95_seconds": round(cuts[18], 4),
        "slowest_seconds": round(max(told.took), 3),
        "cpu_seconds_each": round(work / max(len(told.taken), 1), 5),
        "other": dict(told.other),
        "clients": CLIENTS,
        "processes": PROCESSES,
    }


def measured(size: str, forms: Path) -> Iterator[dict[str, Any]]:
    """Load the servers at both paces and with slow phones; count what is kept."""
    from opora.diagnostics.answering.mixing import keep_mixing

    fast, long = SECONDS[size]
    links, stop = campaign(), threading.Event()
    queue = sheets(links)
    worker = threading.Thread(target=keep_mixing, args=(stop,))
    with ExitStack() as stack:
        ports = serving(stack, PROCESSES, forms)
        worker.start()
        stack.callback(worker.join)
        stack.callback(stop.set)
        first = loaded(ports, queue, 2.0)
        tolds, pace = [first], None
        for seconds, name in ((fast, "submissions"), (long, "submissions_half")):
            before, started = worked(), time.perf_counter()
            told = loaded(ports, queue, seconds, pace)
            passed, work = time.perf_counter() - started, worked() - before
            pace = len(told.taken) / passed / 2
            tolds.append(told)
            yield line_of(name, told, passed, work)
        took: list[float] = []
        path = f"/a/{links[0][0]}/"
        phones = [lambda at=at: took.append(opened(ports[at % PROCESSES], path)) for at in range(PHONES)]
        beside = threading.Thread(target=lambda: tolds.append(loaded(ports[:1], queue, 5.0, 20.0)))
        beside.start()
        _together(phones)
        beside.join()
        others = quantiles(tolds[-1].took, n=20, method="inclusive")[18]
    found, taken = kept(), [number for told in tolds for number in told.taken]
    yield {
        "name": "submissions_class",
        "rows": PHONES,
        "seconds": round(max(took), 2),
        "p95_seconds_of_others": round(others, 4),
        "line_bytes_a_second": LINE,
        "lost": sum(number not in found for number in taken),
        "doubled": sum(many > 1 for many in found.values()),
        "kept": sum(found.values()),
        "told_taken": len(taken),
    }


def main(size: str) -> None:
    """Measure with a durable database and a questionnaire of our own."""
    with durable_database(), tempfile.TemporaryDirectory(prefix="opora-forms-") as folder:
        from opora.questionnaires import editions

        (Path(folder) / f"{FORM}.yaml").write_text(form_text(), encoding="utf-8")
        editions.FOLDER = Path(folder)
        editions.shipped.cache_clear()
        for line in measured(size, Path(folder)):
            print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
