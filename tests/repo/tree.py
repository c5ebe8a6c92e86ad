"""The repository as its own tests read it: files, modules, what they say."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "opora"
APPS = ("accounts", "registry", "results", "people", "identification", "office")
GENERATED = {".venv", ".git", "__pycache__", "build", "data", ".mypy_cache", ".ruff_cache", ".pytest_cache"}


@cache
def files() -> list[Path]:
    """List the files of the project: those that git knows or would add, else all that nobody generated."""
    words = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except OSError:
        done = None
    if done and done.returncode == 0 and done.stdout:
        found = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not GENERATED & set(path.relative_to(ROOT).parts)]
    return sorted(path for path in set(found) if path.is_file())


def modules(*, migrations: bool = False) -> list[Path]:
    """List the program's own modules."""
    found = [path for path in files() if path.suffix == ".py" and path.is_relative_to(SOURCE)]
    return [path for path in found if migrations or "migrations" not in path.parts]


def texts() -> Iterator[tuple[Path, str]]:
    """Go through every file that holds text."""
    for path in files():
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def tree(path: Path) -> ast.Module:
    """Read a module without running it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def room(path: Path) -> str:
    """Answer the room of a module or template; what stands at the door belongs to the commands."""
    parts = path.relative_to(SOURCE).parts
    return parts[0] if len(parts) > 1 else "commands"


def place(path: Path, line: int | None = None) -> str:
    """Name a place in the project as an editor takes it."""
    name = str(path.relative_to(ROOT))
    return f"{name}:{line}" if line else name


def report(faults: list[str], rule: str) -> None:
    """Fail with every fault at once, each in a line of its own."""
    assert not faults, f"{rule}\n  " + "\n  ".join(faults)


def is_vendored(path: Path) -> bool:
    """Tell whether others wrote a file and we carry it as it is."""
    return "vendor" in path.parts


def dotted(node: ast.AST) -> str:
    """Write a chain of names, attributes and calls: ``School.objects.filter().update``. Empty: ""."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    if isinstance(node, ast.Subscript):
        return f"{dotted(node.value)}[]"
    return ""


def one_sentence(text: str) -> bool:
    """Tell whether a text is one sentence: it ends with a full stop and has none before a capital letter."""
    flat = " ".join(text.split())
    return flat.endswith((".", ".»", '."')) and not re.search(r"[.!?] [A-ZА-Я]", flat)
