"""Holds the code against the house's rules: lint, form, types, imports, and the tests of the repository."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from opora.commands.test import home
from opora.language import _

SUMMARY = "Проверить код: стиль, типы, связи между комнатами, словарь, документы"


def run(arguments: object) -> int:
    """Run every check, also after one has failed; answer 0 if all passed, else 1."""
    results = [passes(name, words) for name, words in checks()]
    return 0 if all(results) else 1


def checks() -> Iterator[tuple[str, list[str]]]:
    """List the checks: what each is called, and its program."""
    programs = Path(sys.executable).parent
    python = [sys.executable, "-m"]
    yield _("стиль"), [*python, "ruff", "check", "--quiet", "."]
    yield _("форма"), [*python, "ruff", "format", "--check", "--quiet", "."]
    yield _("типы"), [*python, "mypy"]
    yield _("связи комнат"), [str(programs / "lint-imports"), "--no-logo"]
    yield _("репозиторий"), [*python, "pytest", "tests/repo", "-q", "--no-header", "--tb=short"]


def passes(name: str, words: list[str]) -> bool:
    """Run one check and print its line; what a failed one says follows."""
    place = home()
    paths = os.pathsep.join([str(place / "src"), str(place)])
    began = time.monotonic()
    done = subprocess.run(
        words,
        cwd=place,
        env={**os.environ, "PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = _("хорошо") if done.returncode == 0 else _("ПЛОХО")
    print(f"{name:<14} {verdict:<7} {time.monotonic() - began:6.1f} с", flush=True)
    if done.returncode != 0:
        print(done.stdout, flush=True)
    return done.returncode == 0
