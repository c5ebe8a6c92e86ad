"""Keeps a worker beside the pages: a process of its own, started again if it dies, ended with us."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
WORDS = ("-m", "opora", "work", "--with-parent")
AGAIN = 2.0  # seconds before one that died is started again
ENDING = 5.0  # seconds that the file it reads has to be finished


class Companion(threading.Thread):
    """Starts a worker and starts it again, until told to end."""

    def __init__(self) -> None:
        """Nothing runs before ``start``."""
        super().__init__(name="worker", daemon=True)
        self.over = threading.Event()
        self.turn = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Have a worker run; it ends by itself when our end of its input closes, even if we are killed."""
        while process := self.begin():
            process.wait()
            self.over.wait(AGAIN)

    def begin(self) -> "subprocess.Popen[bytes] | None":
        """Start a worker unless it is over. Empty: None."""
        with self.turn:
            if self.over.is_set():
                return None
            self.process = subprocess.Popen(
                [sys.executable, *WORDS],
                stdin=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join([str(SOURCE), *_paths()])},
                start_new_session=True,  # Ctrl-C at the terminal is for us; the worker is told after us
            )
            return self.process

    def end(self) -> None:
        """Let the worker finish its file; one that takes longer is killed: the file will be read again."""
        with self.turn:
            self.over.set()
        if process := self.process:
            process.terminate()
            try:
                process.wait(ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
        self.join()


def _paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


@contextmanager
def working() -> Iterator[None]:
    """Have a worker read what waits while the block lasts."""
    companion = Companion()
    companion.start()
    try:
        yield
    finally:
        companion.end()
