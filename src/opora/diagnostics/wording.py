"""How questionnaires, school years and what became of a sheet are said."""

from collections.abc import Sequence

from django.utils.translation import get_language

from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.questionnaires import is_shipped, load
from opora.language import _


def form_title(name: str) -> str:
    """Say a questionnaire in the language of the page."""
    title = load(name).title
    return title.get(get_language() or "ru") or title["ru"]


def place_name(own: OwnForm) -> str:
    """Say whose an own questionnaire is; its places are read."""
    place = own.municipality or own.region
    return place.name if place else _("вся страна")


def group_name(name: str) -> str:
    """Say who answers a questionnaire, in a word or two."""
    form = load(name)
    group = group_of(form.audience, form.grades)
    return group if is_shipped(name) else _("{group}: своя анкета").format(group=group)


def group_of(audience: str, grades: Sequence[int]) -> str:
    """Say a group of people who answer. Empty: "", where a draft does not say whom it asks."""
    if audience == "pupil" and grades:
        return _("{grades} класс").format(grades=", ".join(str(grade) for grade in grades))
    return {
        "director": _("Директор"),
        "teacher": _("Учителя"),
        "pupil": _("Ученики"),
        "parent": _("Родители"),
        "psychologist": _("Психолог"),
    }.get(audience, "")


def year_label(year: int) -> str:
    """Say a school year by its first: «2026/27»."""
    return f"{year}/{(year + 1) % 100:02d}"
