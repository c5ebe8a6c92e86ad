"""Gives the tests a cluster and a data folder of their own, before the framework reads its settings.

An early plugin (``-p tests.postgres``): ``conftest.py`` would be read too late. The address of the cluster is
known at once, but the cluster starts only when a test first needs a database, so tests of the pure core
do not wait for it. It is not durable, lies in memory where there is room, and ends with the run, even a
killed one.

``DATABASE_URL`` set by the person wins; ``OPORA_PG_BIN`` chooses the PostgreSQL. Where several processes
share the tests, each has a folder and a cluster.
"""

import os
import shutil
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOM = 2 * 2**30  # bytes free in memory's file system before the tests dare to lie there
PREFIX = "opora-tests-"
OURS = "OPORA_TESTS_DATABASE"  # the address that a run has chosen, known to the processes that it starts


class Place:
    """The folder of this run, and the cluster in it once it is started."""

    def __init__(self) -> None:
        """Choose where the folder will be."""
        self.folder = parent_of_runs() / f"{PREFIX}{os.geteuid()}-{os.getpid()}"
        self.open = ExitStack()
        self.started = False

    def settle(self) -> None:
        """Make the folder and name it and the cluster to the framework."""
        sweep(self.folder.parent)
        self.folder.mkdir(mode=0o700)
        os.environ["OPORA_DATA"] = str(self.folder / "data")
        given = os.environ.get("DATABASE_URL")
        if not given or given == os.environ.get(OURS):  # nobody gave one, or the run that started us
            from opora.config.postgres import Cluster

            self.cluster = Cluster(self.folder / "postgres", durable=False, with_parent=True)
            os.environ["DATABASE_URL"] = os.environ[OURS] = self.cluster.url(self.cluster.folder.socket())
        else:
            self.started = True
        # Tests of other rooms sign people in by force; those of accounts ask for a second factor themselves.
        os.environ["OPORA_SECOND_FACTOR"] = "optional"

    def start(self) -> None:
        """Start the cluster unless it runs or somebody gave us another."""
        if not self.started:
            self.open.enter_context(self.cluster.used())
            self.started = True

    def leave(self) -> None:
        """Stop the cluster and remove the folder."""
        self.open.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def parent_of_runs() -> Path:
    """Choose memory's file system where there is one with room, else the folder for temporary files."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return Path(tempfile.gettempdir())


def sweep(parent: Path) -> None:
    """Remove the folders of our runs that were killed."""
    for folder in parent.glob(f"{PREFIX}{os.geteuid()}-*"):
        if not is_running(int(folder.name.rpartition("-")[2])):
            shutil.rmtree(folder, ignore_errors=True)


def is_running(pid: int) -> bool:
    """Tell whether a process with this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


place = Place()


@pytest.hookimpl(tryfirst=True, wrapper=True)
def pytest_load_initial_conftests():
    """Name the folder and the cluster before anything reads settings, and leave in order when told to end."""
    signal.signal(signal.SIGTERM, interrupt)
    place.settle()
    try:
        return (yield)
    except BaseException:
        place.leave()  # the run ends here, before pytest would say so
        raise


def interrupt(number: int, frame: object) -> None:
    """Let a request to end look like Ctrl-C, after which the run cleans up."""
    raise KeyboardInterrupt


@pytest.hookimpl(trylast=True)
def pytest_unconfigure():
    """Leave nothing behind."""
    place.leave()


@pytest.fixture(scope="session")
def database_url() -> str:
    """Answer the address of the running database, for programs that a test starts."""
    place.start()
    return os.environ["DATABASE_URL"]
