"""The questionnaires that come with Opora."""

from functools import cache
from pathlib import Path

from opora.language import _
from opora.questionnaires.form import Form
from opora.questionnaires.reading import FormError, read_form

__all__ = ["FormError", "load", "shipped"]

FOLDER = Path(__file__).parent / "forms"


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
