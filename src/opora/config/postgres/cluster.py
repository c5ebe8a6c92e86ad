"""One cluster: made, started, joined, left, stopped, recovered after a crash."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from opora.config.postgres import postmaster
from opora.config.postgres.binaries import EXTENSIONS, Installation, contrib_missing, installations
from opora.config.postgres.folder import SOCKET_FILE, Folder
from opora.config.postgres.identity import command, hand_over, identity, run_as, surroundings
from opora.config.postgres.initdb import initdb_options
from opora.config.postgres.log import told_by
from opora.config.postgres.roles import missing_roles
from opora.language import _
from opora.lib.spoken import Refused

NAME = "opora"  # of the database and of the plain role that owns it
PATIENCE = 60.0  # seconds for the server to be ready; recovery after a crash is included
REMNANTS = "pre-existing shared memory block"  # said while processes of a killed server still end
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "4GB"}


class Cluster:
    """The cluster of one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        with_parent: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Name the folder.

        durable: whether it must survive a power cut (the tests' own need not).
        with_parent: whether the server ends with us even if we are killed (Linux).
        """
        self.folder = Folder(folder)
        self.durable = durable
        self.with_parent = with_parent
        self.environ = os.environ if environ is None else environ

    def url(self, socket: Path, user: str = NAME, database: str = NAME) -> str:
        """Write the address of a database behind a socket."""
        return f"postgresql:///{database}?host={quote(str(socket))}&user={user}"

    def server(self) -> postmaster.Postmaster | None:
        """Answer the server that runs over this folder now. Empty: None."""
        found = postmaster.read_pid_file(self.folder.data)
        return found if found and postmaster.serves(found.pid, self.folder.data) else None

    @contextmanager
    def used(self) -> Iterator[str]:
        """Use the server, started unless it runs, stopped when its last user leaves. Gives the URL."""
        self.folder.make()
        with self.folder.turn():
            url = self.start()
            place = self.folder.join()
        try:
            yield url
        finally:
            with self.folder.turn():
                self.folder.leave(place)
                if not self.folder.is_used() and not self.folder.keep.exists():
                    self.stop()

    def start(self) -> str:
        """Start the server, or join the one that runs. Call it in our turn."""
        if running := self.server():
            with suppress(ServerEnded):
                return self.join(running.pid)
        installation = self.suitable()
        who = identity(self.folder.data, self.environ)
        if self.folder.major() is None:
            self.make(installation, who)
        socket = self.folder.socket()
        hand_over(socket, who)
        self.forget_dead_server(socket)
        self.launch(installation, who, socket)
        self.prepare(socket)
        return self.url(socket)

    def join(self, pid: int) -> str:
        """Use a server that somebody else started, even one who was killed before it was prepared.

        Raises: ServerEnded when it was about to end.
        """
        import psycopg

        socket = self.wait(pid, None)
        try:
            self.prepare(socket)
        except psycopg.OperationalError:
            if postmaster.wait_until_gone(pid, 2.0):
                raise ServerEnded from None
            raise
        return self.url(socket)

    def stop(self) -> bool:
        """Stop the server if it runs, and say whether it did. Call it in our turn."""
        running = self.server()
        if running:
            postmaster.stop(running.pid, self.folder.data)
            if not running.socket.is_relative_to(self.folder.path):
                shutil.rmtree(running.socket.parent, ignore_errors=True)
        return running is not None

    def suitable(self) -> Installation:
        """Choose the installation: the preferred one, or the one whose version made the data that is here."""
        found = installations(self.environ)
        major = self.folder.major()
        for installation in found:
            if major in (None, installation.major):
                return installation
        raise Refused(
            _(
                "База в «{folder}» создана PostgreSQL {major}, а здесь есть только {found}. Поставьте "
                "PostgreSQL {major} (или укажите его в OPORA_PG_BIN) либо начните с пустой папки "
                "в OPORA_DATA."
            ).format(
                folder=self.folder.path,
                major=major,
                found=", ".join(str(one.major) for one in found),
            )
        )

    def make(self, installation: Installation, who: str) -> None:
        """Make the data folder; it takes its name only when it is whole, so half of one is never used."""
        self.folder.check_room()
        shutil.rmtree(self.folder.making, ignore_errors=True)
        hand_over(self.folder.making, who)
        done = run_as(
            who,
            [installation.program("initdb"), "-D", str(self.folder.making), *initdb_options(installation)],
        )
        if done.returncode != 0:
            shutil.rmtree(self.folder.making, ignore_errors=True)
            raise Refused(told_by(done.stderr + done.stdout, self.folder.path))
        self.folder.making.rename(self.folder.data)

    def forget_dead_server(self, socket: Path) -> None:
        """Remove what a killed server left behind; in our turn no other server can be starting here.

        PostgreSQL itself takes any living process with the old number for its server and would refuse.
        """
        for name in (SOCKET_FILE, f"{SOCKET_FILE}.lock"):
            (socket / name).unlink(missing_ok=True)
        (self.folder.data / "postmaster.pid").unlink(missing_ok=True)

    def launch(self, installation: Installation, who: str, socket: Path) -> None:
        """Start the server and wait until it answers; remnants of a killed one are given time to end."""
        options = [
            part for name, value in self.settings(socket).items() for part in ("-c", f"{name}={value}")
        ]
        program = [installation.program("postgres"), "-D", str(self.folder.data), *options]
        until = time.monotonic() + PATIENCE
        while (said := self.attempt(command(who, program, with_parent=self.with_parent))) is not None:
            if REMNANTS not in said or time.monotonic() > until:
                raise Refused(told_by(said, self.folder.path))
            time.sleep(0.1)

    def settings(self, socket: Path) -> dict[str, str]:
        """Answer the server's settings: it is reached through its socket only."""
        return {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": '"{}"'.format(str(socket).replace('"', '""')),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "jit": "off",
            **({} if self.durable else FAST),
        }

    def attempt(self, words: list[str]) -> str | None:
        """Start the server once. Answers None when it is ready, else what it said before it ended."""
        with self.folder.log.open("a+b") as log:
            mark = log.seek(0, os.SEEK_END)
            self.process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the terminal is for us; the server is stopped after us
                env=surroundings(),
                cwd="/",
            )
            try:
                self.wait(self.process.pid, self.process)
            except ServerEnded:
                log.seek(mark)
                return log.read().decode(errors="replace")
        return None

    def wait(self, pid: int, process: subprocess.Popen[bytes] | None) -> Path:
        """Wait until the server takes connections; answer the folder of its socket."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            ended = process.poll() is not None if process else not postmaster.is_alive(pid)
            if ended:
                raise ServerEnded
            found = postmaster.read_pid_file(self.folder.data)
            if found and found.pid == pid and found.ready:
                return found.socket
            time.sleep(0.01)
        raise Refused(
            _("База в «{folder}» не ответила за {seconds} секунд; что с ней, написано в {log}.").format(
                folder=self.folder.path, seconds=round(PATIENCE), log=self.folder.log
            )
        )

    def prepare(self, socket: Path) -> None:
        """Make the plain roles and the database where they are not there yet, and check for extensions."""
        import psycopg

        with psycopg.connect(self.url(socket, "postgres", "postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE")
            for statement in missing_roles(connection, NAME):
                connection.execute(statement)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")
            there = {row[0] for row in connection.execute("SELECT name FROM pg_available_extensions")}
        if missing := [name for name in EXTENSIONS if name not in there]:
            self.stop()
            raise Refused(_("В PostgreSQL {fault}.").format(fault=contrib_missing(missing)))


class ServerEnded(Exception):
    """The server ended before it was ready."""


@contextmanager
def running(folder: Path, *, durable: bool = True, with_parent: bool = False) -> Iterator[str]:
    """Use the cluster of a folder while the block lasts; gives the URL of its database."""
    with Cluster(folder, durable=durable, with_parent=with_parent).used() as url:
        yield url
