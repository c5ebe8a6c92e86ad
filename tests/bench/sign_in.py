"""Counts sign-ins a second on two processes: ``python -m tests.bench.sign_in SECONDS`` prints a JSON line.

A sign-in is what a browser does: the form is asked for, sent with its token, and the answer is a session. The
database keeps what it is told (durable), passwords are hashed by Argon2 as in real use, every sign-in is in
the log. The two processes that serve, the database and the clients share the machine.
"""

import http.client
import json
import re
import resource
import sys
import threading
import time
from contextlib import ExitStack
from http.cookies import SimpleCookie
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

from tests.bench.serving import durable_database, serving, worked

PROCESSES, CLIENTS, PEOPLE = 2, 8, 40
PASSWORD = "восемь-слов-пароля"


def sign_in(port: int, email: str) -> None:
    """Sign in once, as a browser does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/sign-in/")
    page = connection.getresponse()
    text = page.read().decode()
    cookies = SimpleCookie(page.headers["Set-Cookie"])
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)', text)
    assert found
    told = {"csrfmiddlewaretoken": found[1], "username": email, "password": PASSWORD}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={cookies['csrftoken'].value}",
    }
    connection.request("POST", "/sign-in/", urlencode(told), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 302, answer.status
    assert any("sessionid" in cookie for cookie in answer.headers.get_all("Set-Cookie") or [])


def loaded(ports: list[int], seconds: float) -> list[float]:
    """Sign in for so long from several clients; answer how long each sign-in took."""
    until, took = time.perf_counter() + seconds, []

    def work(number: int) -> None:
        turn = number
        while time.perf_counter() < until:
            started = time.perf_counter()
            sign_in(ports[turn % len(ports)], f"n{turn % PEOPLE}@example.org")
            took.append(time.perf_counter() - started)
            turn += CLIENTS + 1

    clients = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return took


def people() -> None:
    """Make the people who sign in."""
    from opora.accounts.actions import add_person

    for number in range(PEOPLE):
        add_person(f"n{number}@example.org", f"Человек {number}", PASSWORD)


def hashing() -> float:
    """Answer how long one password takes by itself, in seconds of the processor."""
    from django.contrib.auth.hashers import check_password, make_password

    kept = make_password(PASSWORD)
    started = time.process_time()
    for _ in range(20):
        check_password(PASSWORD, kept)
    return (time.process_time() - started) / 20


def measured(seconds: float) -> dict[str, Any]:
    """Load the servers and say what came of it.

    The work of the processor for one sign-in is told too: on a busy machine it says more than the clock.
    """
    people()
    alone = hashing()
    with ExitStack() as stack:
        ports = serving(stack, PROCESSES)
        loaded(ports, 1.0)
        before, started = worked(), time.perf_counter()
        took = loaded(ports, seconds)
        passed, work = time.perf_counter() - started, worked() - before
    cuts = quantiles(took, n=20, method="inclusive")
    return {
        "name": "sign_in",
        "rows": len(took),
        "seconds": round(passed, 3),
        "a_second": round(len(took) / passed, 1),
        "p50_seconds": round(cuts[9], 3),
        "p95_seconds": round(cuts[18], 3),
        "cpu_seconds_each": round(work / len(took), 4),
        "argon2_cpu_seconds": round(alone, 4),
        "processes": PROCESSES,
        "clients": CLIENTS,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
    }


def main(seconds: float) -> None:
    """Have a durable database of our own for this measurement."""
    with durable_database():
        print(json.dumps(measured(seconds), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
