"""A world that stands for all tests of a file: built once, in a transaction around them all.

Each test works in a transaction within it, which is taken back, and gets copies of the objects. A test that
empties the tables (``transaction=True``, a live server) or has a browser cannot: the framework runs the first
kind last in each file, and before such a test the world is taken away; they build theirs anew. A test for
which there must be nothing yet belongs into a file whose other tests want nothing either.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest


class Stage:
    """The transaction around the tests of one file."""

    def __init__(self) -> None:
        """Begin with nothing that stands."""
        self.around: Any = None
        self.blocker: Any = None
        self.free = True  # for something to stand
        self.folder: Path | None = None  # what stands outside of the database: each test works with a copy

    def begin(self, item: pytest.Item) -> None:
        """Hear which test comes next, and take everything away where nothing may stand."""
        self.free = not stands_alone(item)
        if not self.free:
            self.close()

    def open(self, blocker: Any) -> None:
        """Begin the transaction, if the next test lets it."""
        if not self.free:
            return
        from django.db import transaction

        self.blocker = blocker
        with blocker.unblock():
            self.around = transaction.atomic()
            self.around.__enter__()

    def close(self) -> None:
        """Take away whatever stands; nothing, if nothing does."""
        if self.around is None:
            return
        from django.db import transaction

        with self.blocker.unblock():
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)
        self.around = self.folder = None

    def built(self, make: Callable[..., Any], *given: Any) -> Any:
        """Build something that will stand. None where nothing can stand any more."""
        if self.around is None:
            return None
        with self.blocker.unblock():
            return make(*given)

    def copied(self, standing: Any, make: Callable[..., Any], *given: Any) -> Any:
        """Give a test its copy of what stands, or build it in the test's own transaction."""
        return make(*given) if self.around is None else deepcopy(standing)


STAGE = Stage()  # of this process: a file's tests run in one


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Let what is built stand for all tests of a file."""
    STAGE.open(django_db_blocker)
    yield STAGE
    STAGE.close()


def stands_alone(item: pytest.Item) -> bool:
    """Tell whether nothing may stand around a test.

    It works outside of a transaction, or starts a browser, whose loop gives the thread other connections.
    """
    told = getattr(item.get_closest_marker("django_db"), "kwargs", {})
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(told.get("transaction")) or not fixtures.isdisjoint(
        {"transactional_db", "live_server", "browser"}
    )
