"""How questionnaires, school years and what became of a sheet are said."""

from django.utils.translation import get_language

from opora.language import _
from opora.questionnaires.editions import load


def form_title(name: str) -> str:
    """Say a questionnaire in the language of the page."""
    title = load(name).title
    return title.get(get_language() or "ru") or title["ru"]


def group_name(name: str) -> str:
    """Say who answers a questionnaire, in a word or two."""
    form = load(name)
    if form.audience == "pupil" and form.grades:
        return _("{grades} класс").format(grades=", ".join(str(grade) for grade in form.grades))
    return {
        "director": _("Директор"),
        "teacher": _("Учителя"),
        "pupil": _("Ученики"),
        "parent": _("Родители"),
        "psychologist": _("Психолог"),
    }[form.audience]


def year_label(year: int) -> str:
    """Say a school year by its first: «2026/27»."""
    return f"{year}/{(year + 1) % 100:02d}"
