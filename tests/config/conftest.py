"""Clusters for the launcher's tests: real ones, of both kinds of binaries."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from opora.config.postgres import binaries
from tests.conftest import lacking

ROOT = Path(__file__).resolve().parents[2]
NOBODY = pwd.getpwnam("nobody")
WAYS = ("namespace", "user") if os.geteuid() == 0 else ("self",)  # as whom the server can run for us


@pytest.fixture
def place():
    """Answer an empty folder with a short path: the one that pytest makes may be too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="opora-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(params=["system", "wheel"])
def installation(request):
    """Answer each kind of PostgreSQL in turn."""
    return installation_of(request.param)


def installation_of(kind):
    """Find a PostgreSQL of one kind on this machine."""
    folders = binaries.system_folders(os.environ) if kind == "system" else binaries.wheel_folders()
    found = binaries.usable(folders, kind, [])
    if not found:
        lacking(f"no PostgreSQL of the kind «{kind}» here")
    return found[0]


@pytest.fixture
def given(installation, monkeypatch):
    """Let the launcher use one kind of PostgreSQL."""
    monkeypatch.setenv("OPORA_PG_BIN", str(installation.bin))
    return installation


@pytest.fixture(params=WAYS)
def way(request, monkeypatch):
    """Let the server run in each way that this person can run it."""
    if request.param == "user":
        monkeypatch.setenv("OPORA_PG_USER", "nobody")
    return request.param


class Program:
    """Another program that uses the cluster of a folder until it is told to leave or is killed."""

    TEXT = """
import sys
from pathlib import Path
from opora.__main__ import main
from opora import __main__ as entry
from opora.config.postgres import running

def use(words):
    with running(Path(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.readline()
    return 0

entry.dispatch = use
sys.exit(main([]))
"""

    def __init__(self, folder, as_nobody=False):
        """Start it; ``wait`` answers when it has the database."""
        words = [sys.executable, "-c", self.TEXT, str(folder)]
        self.process = subprocess.Popen(
            plainly(words) if as_nobody else words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )

    def wait(self):
        """Answer the address once it has the database."""
        return self.process.stdout.readline().strip()

    def leave(self):
        """Tell it to leave and wait until it has."""
        self.process.communicate("\n", timeout=60)
        return self.process.returncode

    def signal(self, number):
        """Send it a signal and wait for its end."""
        self.process.send_signal(number)
        out, error = self.process.communicate(timeout=60)
        return self.process.returncode, out + error


def plainly(words):
    """Write the command that runs a program as a plain user who may read this checkout."""
    script = ROOT / "src/opora/config/postgres/as_user.py"
    return [sys.executable, "-I", "-S", str(script), f"user:{NOBODY.pw_uid}:{NOBODY.pw_gid}", *words]


@pytest.fixture
def program():
    """Start other programs, and leave none of them behind."""
    started = []

    def start(folder, **options):
        started.append(Program(folder, **options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


def until(fact, seconds=20.0):
    """Wait for something to become true; answers whether it did."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def script(path, text):
    """Write a program in sh."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{shutil.which('sh')}\n{text}\n")
    path.chmod(0o755)
    return path
