"""The folder of a demo: its own data and database, made once, made again from nothing when half-made.

A demo is ready when its stamp lies there, which is written last. One program at a time makes it; several may
serve it. Only a folder that is empty or bears our mark is ever emptied.
"""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from opora.language import _
from opora.lib import full_disk
from opora.lib.spoken import Refused

MARK = "opora-demo"  # the file that says whose folder this is; locks lie on it
STAMP = "ready.json"


@dataclass(frozen=True)
class SignIn:
    """A person of the demo who can sign in."""

    role: str
    name: str
    email: str
    place: str


@dataclass(frozen=True)
class Stamp:
    """What a ready demo is: its seed and size, the program that made it, and who can sign in."""

    seed: int
    schools: int
    program: str
    password: str
    sign_ins: tuple[SignIn, ...]


class DemoFolder:
    """The folder of one demo."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.files = self.path / "files"

    def ready(self, seed: int, schools: int) -> Stamp | None:
        """Read the stamp. Empty: None when the demo is absent, half-made, or not the one that is wanted."""
        try:
            content = json.loads((self.path / STAMP).read_text(encoding="utf-8"))
            sign_ins = tuple(SignIn(**one) for one in content.pop("sign_ins"))
            stamp = Stamp(**content, sign_ins=sign_ins)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        wanted = (seed, schools, program())
        return stamp if (stamp.seed, stamp.schools, stamp.program) == wanted else None

    def finish(self, stamp: Stamp) -> None:
        """Write the stamp, whole or not at all."""
        draft = self.path / f"{STAMP}.draft"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(asdict(stamp), ensure_ascii=False, indent=1), encoding="utf-8")
        draft.replace(self.path / STAMP)

    def empty(self) -> None:
        """Remove everything but our mark; a database server that a killed demo left is stopped first."""
        (self.path / STAMP).unlink(missing_ok=True)
        self._stop_database()
        for inside in self.path.iterdir():
            if inside.name != MARK:
                shutil.rmtree(inside) if inside.is_dir() else inside.unlink()

    def _stop_database(self) -> None:
        from opora.config.postgres import Cluster

        if (self.path / "postgres").exists():
            cluster = Cluster(self.path / "postgres")
            cluster.folder.make()
            with cluster.folder.turn():
                cluster.stop()

    @contextmanager
    def held(self) -> Iterator["Hold"]:
        """Hold the folder while it is made or served.

        Raises: Refused when it is somebody else's folder, or cannot be written.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not (self.path / MARK).exists() and any(self.path.iterdir()):
                what = _("В папке «{folder}» лежит не демонстрация; выберите пустую папку (--folder).")
                raise Refused(what.format(folder=self.path))
            with (self.path / MARK).open("a") as file:
                yield Hold(file.fileno())
        except OSError as problem:
            what = _("В папку «{folder}» нельзя писать ({why}); выберите другую (--folder).")
            raise Refused(what.format(folder=self.path, why=full_disk.why(problem))) from None


@dataclass
class Hold:
    """A hold on the folder: alone while it is made, shared while it is served; it ends with the program."""

    descriptor: int

    def alone(self) -> None:
        """Hold it alone.

        Raises: Refused when another program makes or serves the demo.
        """
        self._take(fcntl.LOCK_EX)

    def shared(self) -> None:
        """Let others serve it too.

        Raises: Refused when another program is making the demo.
        """
        self._take(fcntl.LOCK_SH)

    def _take(self, how: int) -> None:
        try:
            fcntl.flock(self.descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError:
            what = _(
                "Эта демонстрация уже открыта другой программой: остановите её или возьмите другую папку."
            )
            raise Refused(what) from None


def program() -> str:
    """Answer the digest of everything that decides what a demo is: a newer program makes its demo anew."""
    digest = sha256()
    root = Path(__file__).parents[1]
    folders = ("demo", "registry", "results", "identification", "accounts", "people", "audit", "methodology")
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".yaml", ".sql"):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
