"""Starts, stops and shows the database of the data folder."""

import argparse
import os
import subprocess

from opora.language import _
from opora.lib.spoken import Refused

SUMMARY = "База данных этого компьютера: запустить, остановить, показать адрес, открыть psql"
DEEDS = ("start", "stop", "status", "url", "psql")


def configure(parser: argparse.ArgumentParser) -> None:
    """Let the deed be chosen."""
    parser.add_argument("deed", choices=DEEDS, metavar="|".join(DEEDS), help=_("что сделать"))


def run(arguments: argparse.Namespace) -> int:
    """Do it with the cluster of the data folder."""
    from opora.config.postgres import Cluster, own_cluster

    if os.environ.get("DATABASE_URL") and arguments.deed != "psql":
        raise Refused(_("База задана в DATABASE_URL, и Опора ею не управляет."))
    deeds = {"start": start, "stop": stop, "status": status, "url": url, "psql": psql}
    cluster: Cluster = own_cluster()
    return deeds[arguments.deed](cluster)


def start(cluster) -> int:
    """Start it and let it outlive its users."""
    with cluster.used() as address:
        cluster.folder.keep.touch()
        print(_("База работает: {address}").format(address=address))
    return 0


def stop(cluster) -> int:
    """Stop it, unless programs work with it."""
    cluster.folder.make()
    with cluster.folder.turn():
        cluster.folder.keep.unlink(missing_ok=True)
        if cluster.folder.is_used():
            raise Refused(_("С базой работает другая программа Опоры; база остановится вместе с ней."))
        print(_("База остановлена.") if cluster.stop() else _("База и так не работает."))
    return 0


def status(cluster) -> int:
    """Say whether it runs."""
    running = cluster.server()
    if running:
        print(_("База работает: {address}").format(address=cluster.url(running.socket)))
    else:
        print(_("База не работает; её папка: {folder}").format(folder=cluster.folder.path))
    return 0


def url(cluster) -> int:
    """Print the address of the running database, for other programs."""
    running = cluster.server()
    if not running:
        raise Refused(_("База не работает; запустите её: ./opora database start"))
    print(cluster.url(running.socket))
    return 0


def psql(cluster) -> int:
    """Open PostgreSQL's own terminal on the database."""
    from opora.config.postgres import url_or_launch
    from opora.config.postgres.binaries import installations

    program = next(
        (one.program("psql") for one in installations() if os.access(one.program("psql"), os.X_OK)), ""
    )
    if not program:
        raise Refused(_("В найденном PostgreSQL нет программы psql."))
    with url_or_launch(cluster.folder.path) as address:
        return subprocess.run([program, address], check=False).returncode
