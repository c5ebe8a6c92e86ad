"""One line that tells how far the making of the demo is; plain lines where nobody watches a terminal."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from opora.language import _

WIDTH = 24


class Steps:
    """The steps of a long work, one line each on the error output."""

    def __init__(self) -> None:
        self.watched = sys.stderr.isatty()

    def __enter__(self) -> "Steps":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if problem is not None and self.watched:
            print(file=sys.stderr)

    @contextmanager
    def step(self, title: str) -> Iterator[Callable[[float], None]]:
        """Show a step while it is done; gives the function that is told how much is done, 0–1."""
        began = time.monotonic()
        self._show(title, 0.0)
        yield lambda done: self._show(title, done)
        took = _("{seconds} с").format(seconds=f"{time.monotonic() - began:.1f}")
        self._say(f"\r  {title}: {took}{' ' * WIDTH}\n")

    def _show(self, title: str, done: float) -> None:
        if self.watched:
            full = round(min(1.0, done) * WIDTH)
            self._say(f"\r  {title} [{'█' * full}{'·' * (WIDTH - full)}]")

    def _say(self, text: str) -> None:
        print(text if self.watched else text.strip("\r"), end="", file=sys.stderr, flush=True)
