"""The folder of a cluster: its parts, the locks on it, where its socket may lie."""

import fcntl
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from opora.language import _
from opora.lib import full_disk
from opora.lib.spoken import Refused

SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET = 103 if sys.platform == "darwin" else 107
ROOM = 300 * 1024 * 1024  # bytes that a new cluster and its first write-ahead log take, with a margin


class Folder:
    """One cluster's folder, the only place where it keeps anything (a socket with a long path aside)."""

    def __init__(self, path: Path) -> None:
        """Name the parts; nothing is made yet."""
        self.path = path.absolute()
        self.data = self.path / "data"
        self.making = self.path / "data.making"
        self.log = self.path / "postgres.log"
        self.keep = self.path / "keep"  # exists while the server is to outlive its users

    def make(self) -> None:
        """Make the folder, private to us."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.path / "turn.lock").touch(mode=0o600)
            (self.path / "users.lock").touch(mode=0o600)
        except OSError as problem:
            raise Refused(
                _("В папку базы «{folder}» нельзя писать ({why}); выберите другую в OPORA_DATA.").format(
                    folder=self.path, why=full_disk.why(problem)
                )
            ) from None

    def major(self) -> int | None:
        """Answer the version that the data was made by. Empty: None where there is no data yet."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def check_room(self) -> None:
        """Refuse to begin where the disk is full."""
        free = shutil.disk_usage(self.path).free
        if free < ROOM:
            raise Refused(
                _(
                    "На диске с папкой «{folder}» свободно {free} МБ, а базе нужно не меньше {room} МБ: "
                    "освободите место или выберите другую папку в OPORA_DATA."
                ).format(folder=self.path, free=free // 2**20, room=ROOM // 2**20)
            )

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for our turn to start or stop the server; a killed program gives its turn back by itself."""
        with (self.path / "turn.lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def join(self) -> int:
        """Be counted as a user of the server until ``leave``, or until we are killed."""
        descriptor = os.open(self.path / "users.lock", os.O_RDWR)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return descriptor

    def leave(self, descriptor: int) -> None:
        """Be counted no longer."""
        os.close(descriptor)

    def is_used(self) -> bool:
        """Tell whether any program uses the server now. Call it in our turn."""
        with (self.path / "users.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def socket(self) -> Path:
        """Choose the folder of the socket: here, or a private one under a short path.

        The system allows a socket's path about a hundred bytes; a deep data folder would exceed it.
        In an address a comma would part two folders.
        """
        here = self.path / "socket" / SOCKET_FILE
        if len(os.fsencode(here)) <= LONGEST_SOCKET and "," not in str(here):
            return self.path / "socket"
        mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        for place in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 - the folder made there is private
            private = Path(place) / f"opora-{os.geteuid()}-{mark}"
            socket = private / "s"
            if len(os.fsencode(socket / SOCKET_FILE)) <= LONGEST_SOCKET and is_private(private):
                return socket
        raise Refused(
            _("Путь «{folder}» слишком длинен для сокета базы; выберите для OPORA_DATA путь короче.").format(
                folder=self.path
            )
        )


def is_private(folder: Path) -> bool:
    """Make a folder that nobody else may enter, or make sure that an old one is such."""
    with suppress(FileExistsError, OSError):
        folder.mkdir(mode=0o700)
    try:
        state = folder.lstat()
    except OSError:
        return False
    return state.st_uid == os.geteuid() and (state.st_mode & 0o170777) == 0o040700
