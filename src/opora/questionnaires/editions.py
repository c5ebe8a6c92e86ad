"""The questionnaires that come with Opora, and what became of their questions from year to year."""

from functools import cache
from pathlib import Path

from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.reading import FormError, read_form
from opora.questionnaires.succession import Succession, read_succession, unchanged

__all__ = ["FormError", "NothingSaid", "load", "mapped", "shipped"]

FOLDER = Path(__file__).parent / "forms"
SUCCESSIONS = Path(__file__).parent / "successions"  # OLDER--NEWER.yaml


class NothingSaid(FormError):
    """Nobody has said what became of the questions of an older questionnaire in a newer one."""


@cache
def shipped() -> tuple[str, ...]:
    """Name the questionnaires that come with Opora."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def load(name: str) -> Form:
    """Load a questionnaire by name.

    Raises: FormError, where there is none of this name.
    """
    if name not in shipped():
        known = ", ".join(shipped())
        raise FormError([_("нет анкеты «{name}»; есть: {known}").format(name=name, known=known)])
    path = FOLDER / f"{name}.yaml"
    return read_form(path.read_text(encoding="utf-8"), path.name)


def mapped(older: Form, newer: Form, folder: Path | None = None) -> Succession:
    """Find what became of the items of an older form in a newer one.

    Raises: NothingSaid, where nobody has said it; FormError, where what is said names what does not exist.
    """
    if older.name == newer.name:
        return unchanged(newer)
    path = (folder or SUCCESSIONS) / f"{older.name}--{newer.name}.yaml"
    if not path.is_file():
        said = _("нет файла {name}: не сказано, что стало с вопросами прежней анкеты, сравнивать годы нельзя")
        raise NothingSaid([said.format(name=path.name)])
    return read_succession(path.read_text(encoding="utf-8"), path.name, older, newer)
