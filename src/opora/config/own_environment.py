"""Makes the program's own environment (``.venv``) for ``./opora``; runs on a bare Python, before any library.

``own_environment.py VENV REQUIREMENTS MARK``: MARK names the content of the requirements; it is written into
the stamp last, so an environment that was cut off is made anew. Two first calls wait for each other on a lock
that the system takes back from the killed; an installer that outlives its caller keeps it until it ends.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

STAMP = "opora-stamp"
NO_VENV = "Не удалось создать среду в «{folder}» ({why}): проверьте права на папку и место на диске."
NO_LIBRARIES = "Не удалось поставить библиотеки: проверьте сеть и место на диске и повторите вызов."


class Environment:
    """One ``.venv`` and the requirements that it must hold."""

    def __init__(self, folder: Path, requirements: Path, mark: str) -> None:
        """Name them; nothing is made yet."""
        self.folder = folder
        self.requirements = requirements
        self.stamp = folder / STAMP
        self.python = folder / "bin" / "python"
        self.mark = mark

    def stamped(self) -> list[str]:
        """Read the stamp of a whole environment of this place and Python. Empty: []."""
        try:
            lines = self.stamp.read_text().splitlines()
        except OSError:
            return []
        here = [str(self.folder), os.path.realpath(self.python)]
        return lines if lines[1:] == here and self.python.exists() else []

    def is_ready(self) -> bool:
        """Tell whether somebody has made it while we waited."""
        return self.stamped()[:1] == [self.mark]

    def make(self, lock: int) -> None:
        """Make it whole; what is there is kept only if it is whole and merely holds less."""
        keep = bool(self.stamped()) and self.requirements.stem == "requirements-dev"
        self.stamp.unlink(missing_ok=True)
        if not keep:
            if self.folder.is_symlink() or self.folder.is_file():
                self.folder.unlink()
            shutil.rmtree(self.folder, ignore_errors=True)
            # Links, not copies: a copied interpreter does not find its library on some systems.
            venv.create(self.folder, with_pip=True, symlinks=True)
        self.install(lock)
        whole = self.stamp.with_suffix(".new")
        whole.write_text("\n".join([self.mark, str(self.folder), os.path.realpath(self.python)]) + "\n")
        whole.replace(self.stamp)

    def install(self, lock: int) -> None:
        """Install with uv where it is there, else, or where it fails, with pip; hashes are always checked."""
        strictly = ["--require-hashes", "--only-binary", ":all:", "-r", str(self.requirements)]
        if uv := shutil.which("uv"):
            # Compiled at once, as pip does: who may only read the folder would compile at every start.
            quietly = ["--quiet", "--compile-bytecode", "--python", str(self.python)]
            if run([uv, "pip", "install", *quietly, *strictly], lock):
                return
            say("uv не справился, ставим через pip…")
        pip = [
            str(self.python),
            "-I",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",  # errors only: warnings of the index are nothing that a person can mend
            "--no-input",
            "--disable-pip-version-check",
        ]
        if not run([*pip, *strictly], lock):
            raise SystemExit(refuse(NO_LIBRARIES))


def run(program: list[str], lock: int) -> bool:
    """Run an installer that holds the lock as long as it lives; what it says goes to the error stream."""
    done = subprocess.run(
        program, stdout=sys.stderr, stdin=subprocess.DEVNULL, pass_fds=[lock], env=surroundings(), check=False
    )
    return done.returncode == 0


def surroundings() -> dict[str, str]:
    """Answer an environment in which installers work without a home that can be written to."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    home = kept.get("HOME", "")
    if not home or not os.access(home, os.W_OK | os.X_OK):
        kept.update(HOME=tempfile.gettempdir(), PIP_NO_CACHE_DIR="1", UV_NO_CACHE="1")
    return kept


def say(sentence: str) -> None:
    """Tell the person something."""
    print(sentence, file=sys.stderr, flush=True)


def refuse(sentence: str) -> int:
    """Tell the person what they can mend; answers the exit code."""
    say(sentence)
    return 2


def main(arguments: list[str]) -> int:
    """Make the environment unless it is there."""
    environment = Environment(Path(arguments[0]), Path(arguments[1]), arguments[2])
    try:
        with environment.folder.with_name(".venv.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Среду готовит другой запуск, ждём его…")
                fcntl.flock(lock, fcntl.LOCK_EX)
            if not environment.is_ready():
                say(f"Готовим среду в .venv (один раз, до минуты; Python {sys.version.split()[0]})…")
                environment.make(lock.fileno())
    except (OSError, subprocess.CalledProcessError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "venv"
        return refuse(NO_VENV.format(folder=environment.folder, why=why))
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
