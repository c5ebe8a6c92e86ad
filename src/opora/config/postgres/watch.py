"""Starts a server again that ended by itself, as one does when its disk is full, as soon as it can run."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from opora.config.postgres.cluster import Cluster
from opora.language import _
from opora.lib import full_disk
from opora.lib.spoken import Refused

OFTEN = 1.0  # seconds between two looks at a server


class Watch(threading.Thread):
    """Looks at the server of a cluster until it is told to end; a person hears of each change once."""

    def __init__(self, cluster: Cluster) -> None:
        """Name the cluster; ``start`` begins."""
        super().__init__(name="database-watch", daemon=True)
        self.cluster = cluster
        self.over = threading.Event()
        self.told = ""  # of the outage that lasts. Empty: the server runs

    def run(self) -> None:
        """Look, and start what has ended."""
        while not self.over.wait(OFTEN):
            if not self.cluster.server():
                self.revive()
            elif self.told:
                self.told = ""
                say(_("База снова работает."))

    def revive(self) -> None:
        """Try to start the server; on a full disk wait for room instead of wearing it with attempts."""
        import psycopg

        folder = self.cluster.folder
        if full_disk.has_no_room(folder.path):
            what = _(
                "База остановилась: на диске с папкой «{folder}» кончилось место. Освободите его: она пойдёт."
            )
            self.tell(what.format(folder=folder.path))
            return
        try:
            with folder.turn():
                self.cluster.start()
        except Refused as refusal:
            self.tell(_("База остановилась, Опора запускает её снова. {fault}").format(fault=refusal))
        except (psycopg.Error, OSError) as fault:
            said = " ".join(str(fault).split())
            self.tell(_("База остановилась, Опора запускает её снова. {fault}").format(fault=said))

    def tell(self, what: str) -> None:
        """Say why the server does not run, unless it was said."""
        if what != self.told:
            say(what)
        self.told = what

    def end(self) -> None:
        """End; a start that has begun is waited for."""
        self.over.set()
        self.join()


@contextmanager
def watched(cluster: Cluster) -> Iterator[None]:
    """Keep the server of a cluster running while the block lasts."""
    watch = Watch(cluster)
    watch.start()
    try:
        yield
    finally:
        watch.end()


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)
