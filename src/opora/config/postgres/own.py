"""The database that this program works on: the one it is given, else its own in the data folder."""

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from opora.config.environment import data_folder
from opora.config.postgres.binaries import OLDEST
from opora.config.postgres.cluster import Cluster
from opora.config.postgres.watch import watched
from opora.language import _
from opora.lib import full_disk
from opora.lib.spoken import Refused


def own_cluster() -> Cluster:
    """Answer the cluster of the data folder."""
    try:
        return Cluster(data_folder() / "postgres")
    except OSError as problem:
        raise Refused(
            _("В папку данных «{folder}» нельзя писать ({why}); выберите другую в OPORA_DATA.").format(
                folder=Path(os.environ.get("OPORA_DATA", "data")).absolute(), why=full_disk.why(problem)
            )
        ) from None


@contextmanager
def url_or_launch(folder: Path) -> Iterator[str]:
    """Give ``DATABASE_URL`` after making sure that it answers; without one, launch ``folder``'s cluster."""
    if url := os.environ.get("DATABASE_URL"):
        check(url)
        yield url
    else:
        with Cluster(folder).used() as url:
            yield url


def ensure_database(*, watch: bool = False) -> str:
    """Have a database until this program ends, and name it in ``DATABASE_URL`` for the framework's settings.

    watch: whether to start our own again when it ends by itself, as one does on a full disk.

    Call it before the settings are loaded. Called again it answers the same address.
    """
    if url := os.environ.get("DATABASE_URL"):
        check(url)
        return url
    stack = ExitStack()
    cluster = own_cluster()
    url = stack.enter_context(cluster.used())
    if watch:
        stack.enter_context(watched(cluster))
    atexit.register(stack.close)
    os.environ["DATABASE_URL"] = url
    return url


def check(url: str) -> None:
    """Make sure that the database behind a given address answers and is new enough."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version
    except (psycopg.Error, ValueError) as problem:
        said = " ".join(str(problem).split())
        raise Refused(
            _("База из DATABASE_URL не отвечает: {said}. Проверьте адрес, порт и имя в DATABASE_URL.").format(
                said=said
            )
        ) from None
    if version < OLDEST * 10000:
        raise Refused(
            _("База из DATABASE_URL — PostgreSQL {major}, а нужен {oldest} или новее.").format(
                major=version // 10000, oldest=OLDEST
            )
        )
