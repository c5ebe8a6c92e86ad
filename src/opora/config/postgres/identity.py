"""Decides as whom PostgreSQL runs: as we are, or, for root, as somebody it accepts."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from opora.config.postgres import as_user
from opora.language import _
from opora.lib.spoken import Refused


def identity(data: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Choose as whom to run over a data folder, in the words of ``as_user``.

    A folder that exists is served as its owner. For a new one root prefers a user namespace, in which all
    files stay root's, and otherwise becomes ``OPORA_PG_USER`` or the system's ``postgres`` or ``nobody``.
    """
    if os.geteuid() != 0:
        return "self"
    if data.exists() and (owner := data.stat().st_uid) != 0:
        return f"user:{owner}:{data.stat().st_gid}"
    if not environ.get("OPORA_PG_USER") and namespaces_work():
        return namespace()
    if data.exists():
        raise Refused(
            _(
                "База в «{folder}» принадлежит root, а пространства имён пользователей здесь запрещены, "
                "и PostgreSQL не запустится. Передайте папку другому пользователю (chown -R) и повторите."
            ).format(folder=data)
        )
    return plain_user(environ)


def namespace() -> str:
    """Name root's namespace; its user is one whom the system knows, because ``initdb`` looks the name up."""
    return f"namespace:{user_named('nobody').pw_uid}"


@cache
def namespaces_work() -> bool:
    """Try whether this system lets us make a user namespace."""
    true = shutil.which("true") or "/bin/true"
    return sys.platform == "linux" and run_as(namespace(), [true]).returncode == 0


def plain_user(environ: Mapping[str, str]) -> str:
    """Choose the user whom root becomes."""
    if name := environ.get("OPORA_PG_USER"):
        entry = user_named(name)
    else:
        entry = next((one for one in pwd.getpwall() if one.pw_name == "postgres"), None) or user_named(
            "nobody"
        )
    return f"user:{entry.pw_uid}:{entry.pw_gid}"


def user_named(name: str) -> pwd.struct_passwd:
    """Answer a user of this system by name."""
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise Refused(
            _("На этой машине нет пользователя «{name}»; назовите другого в OPORA_PG_USER.").format(name=name)
        ) from None


def hand_over(folder: Path, who: str) -> None:
    """Make a folder of our own and give it to whom PostgreSQL runs as; folders above it stay as they are."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if who.startswith("user:"):
        uid, gid = who.split(":")[1:]
        os.chown(folder, int(uid), int(gid))


def command(who: str, program: list[str], *, with_parent: bool = False) -> list[str]:
    """Write the command that runs a program as ``who``."""
    script = [sys.executable, "-I", "-S", as_user.__file__, who]
    return [*script, *(["--with-parent"] if with_parent else []), *program]


def run_as(who: str, program: list[str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program as ``who`` to its end."""
    return subprocess.run(
        command(who, program),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
        check=False,
        stdin=subprocess.DEVNULL,
        env=surroundings(),
        cwd="/",
    )


def surroundings() -> dict[str, str]:
    """Answer the environment of PostgreSQL's programs: ours without what would redirect or translate them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return {**kept, "LC_ALL": "C"}
