"""Runs a command: ``python -m opora COMMAND``, which is what ``./opora`` does."""

import argparse
import ast
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from opora import arguments, commands
from opora.language import _
from opora.lib import full_disk
from opora.lib.spoken import Refused

REFUSED, INTERRUPTED = 2, 130


def names() -> list[str]:
    """List the commands: the modules of the package."""
    return sorted(path.stem.replace("_", "-") for path in folder().glob("[a-z]*.py"))


def folder() -> Path:
    """Answer the folder of the commands."""
    return Path(next(iter(commands.__path__)))


def summary(name: str) -> str:
    """Read a command's summary without running its module."""
    tree = ast.parse((folder() / f"{name.replace('-', '_')}.py").read_text(encoding="utf-8"))
    return next((text for target, text in constants(tree) if target == "SUMMARY"), "")


def constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """List the plain strings that a module names."""
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield from (
                (target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name)
            )


def module_of(name: str) -> ModuleType:
    """Load the module of a command."""
    return importlib.import_module(f"opora.commands.{name.replace('-', '_')}")


def help_text() -> str:
    """List the commands with a sentence each."""
    width = max(len(name) for name in names())
    lines = [f"  {name:<{width}}  {sentence(_(summary(name)))}" for name in names()]
    return "\n".join(
        [
            _("Опора: поддержка школ с низкими результатами."),
            "",
            _("Вызов: ./opora КОМАНДА [что нужно команде]; ./opora КОМАНДА --help расскажет о ней."),
            "",
            *lines,
        ]
    )


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def parse(name: str, module: ModuleType, words: list[str]) -> argparse.Namespace | list[str]:
    """Read the words after the command's name as the command wants them."""
    if getattr(module, "PASS_ALL", False):
        return words
    parser = arguments.SpokenParser(prog=f"./opora {name}", description=_(module.SUMMARY), allow_abbrev=False)
    if configure := getattr(module, "configure", None):
        configure(parser)
    return parser.parse_args(words)


def dispatch(words: list[str]) -> int:
    """Find the command and run it."""
    if not words or words[0] in {"-h", "--help", "help"}:
        print(help_text())
        return 0
    name, *rest = words
    if name not in names():
        raise Refused(_("Нет команды «{name}». Есть: {names}.").format(name=name, names=", ".join(names())))
    module = module_of(name)
    return module.run(parse(name, module, rest)) or 0


def main(words: list[str]) -> int:
    """Run a command and turn what stopped it into an exit code and at most one sentence."""
    arguments.speak()
    signal.signal(signal.SIGTERM, leave)
    try:
        return dispatch(words)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has left (``| head``); nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as fault:
        if not full_disk.is_full(fault):
            raise
        full = full_disk.place(Path(os.environ.get("OPORA_DATA", "data")).absolute())
        print(full_disk.sentence(full), file=sys.stderr)
        return REFUSED


def leave(number: int, frame: object) -> NoReturn:
    """End in order when told to: everything that was started is stopped."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
