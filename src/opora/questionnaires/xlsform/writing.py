"""Writes a questionnaire as an XLSForm workbook, so that reading it back gives the same questionnaire.

What people are told stands in notes, a matrix is a group with the look of a table, «не знаю» is an answer of
its own (−1 of a number). What XLSForm has no column for stands in columns that begin with ``opora_``.
"""

from collections.abc import Iterator, Sequence

from opora.questionnaires.form import DONT_KNOW, MOST_COUNT, MOST_SHARE, ON_SCALE, Form, Item, Scale, Text
from opora.questionnaires.xlsform.relevance import UNKNOWN_NUMBER, said
from opora.questionnaires.xlsform.sheets import write_book

LANGUAGES = {"ru": "Русский", "en": "English"}
DONT_KNOW_SAID = {"ru": "не знаю", "en": "don't know"}
TOLD = ("title", "introduction", "purpose", "legal_basis", "used_by")
OWN = "opora."  # names of rows that are no questions; no question's name has a dot
OWN_SCALE = "scale."  # lists of a scale's steps
ITEM_OWN = ("opora_type", "opora_scale", "opora_dont_know", "opora_reversed")
SETTINGS_OWN = (
    "opora_audience", "opora_grades", "opora_languages", "opora_status", "opora_minutes", "opora_voluntary",
    "opora_anonymous",
)  # fmt: skip
YES = "yes"
Cells = dict[str, str]


def to_xlsform(form: Form) -> bytes:
    """Write a questionnaire as a workbook (.xlsx) with the sheets survey, choices and settings.

    Raises: FormError, where a text has no room in a cell.
    """
    labels = [_column("label", one) for one in form.languages]
    hints = [_column("hint", one) for one in form.languages]
    messages = [_column("constraint_message", one) for one in form.languages]
    survey = [
        "type", "name", *labels, *hints, "required", "relevant", "constraint", *messages, "appearance",
        *ITEM_OWN,
    ]  # fmt: skip
    settings = ["form_title", "form_id", "version", "default_language", "style", *SETTINGS_OWN]
    return write_book(
        {
            "survey": (survey, list(_survey(form))),
            "choices": (["list_name", "name", *labels], list(_choices(form))),
            "settings": (settings, [_settings(form)]),
        }
    )


def _column(what: str, language: str) -> str:
    return f"{what}::{LANGUAGES.get(language, language)} ({language})"


def _in_all(what: str, text: Text) -> Cells:
    return {_column(what, language): told for language, told in text.items()}


def _settings(form: Form) -> Cells:
    first = form.languages[0]
    return {
        "form_title": form.title.get(first, "") or form.name,
        "form_id": form.name,
        "version": str(form.year),
        "default_language": f"{LANGUAGES.get(first, first)} ({first})",
        "style": "pages",
        "opora_audience": form.audience,
        "opora_grades": " ".join(str(grade) for grade in form.grades),
        "opora_languages": " ".join(form.languages),
        "opora_status": form.status,
        "opora_minutes": str(form.minutes),
        "opora_voluntary": YES if form.voluntary else "no",
        "opora_anonymous": YES if form.anonymous else "no",
    }


def _survey(form: Form) -> Iterator[Cells]:
    about = f"{OWN}about"
    yield {"type": "begin_group", "name": about, "appearance": "field-list"}
    for name in TOLD:
        yield {"type": "note", "name": OWN + name, **_in_all("label", getattr(form, name))}
    yield {"type": "end_group", "name": about}
    for number, page in enumerate(form.pages, 1):
        group = {"name": f"{OWN}page.{number}"}
        yield {"type": "begin_group", **group, **_in_all("label", page.title), "appearance": "field-list"}
        if page.text:
            yield {"type": "note", "name": f"{OWN}page.{number}.text", **_in_all("label", page.text)}
        for item in page.items:
            yield from _matrix(item, form) if item.kind == "matrix" else [_question(item, form)]
        yield {"type": "end_group", **group}


def _own(item: Item) -> Cells:
    return {
        "opora_type": item.kind,
        "opora_scale": item.scale.name if item.scale else "",
        "opora_dont_know": YES if item.dont_know else "",
        "opora_reversed": YES if item.reversed else "",
    }


def _shared(item: Item, form: Form) -> Cells:
    relevant = said(item.asked_if, form.fields) if item.asked_if is not None else ""
    return {**_in_all("label", item.text), **_in_all("hint", item.help), "relevant": relevant, **_own(item)}


def _matrix(item: Item, form: Form) -> Iterator[Cells]:
    yield {"type": "begin_group", "name": item.name, "appearance": "table-list", **_shared(item, form)}
    for row in item.rows:
        yield {
            "type": f"select_one {_list(item)}",
            "name": f"{item.name}.{row.name}",
            "required": YES if item.required else "",
            **_in_all("label", row.text),
        }
    yield {"type": "end_group", "name": item.name}


def _question(item: Item, form: Form) -> Cells:
    kind = {
        "count": "integer",
        "share": "integer",
        "text": "text",
        "choices": f"select_multiple {_list(item)}",
    }
    constraint = constraint_of(item)
    return {
        "type": kind.get(item.kind, f"select_one {_list(item)}"),
        "name": item.name,
        "required": YES if item.required else "",
        "constraint": constraint,
        **(_in_all("constraint_message", _allowed(item, form.languages)) if constraint else {}),
        **_shared(item, form),
    }


def _list(item: Item) -> str:
    """Name the list of answers: of a scale, or of the question itself."""
    if item.kind in ON_SCALE and item.scale:
        return list_of(item.scale, item.dont_know)
    return f"options.{item.name}"


def list_of(scale: Scale, dont_know: bool) -> str:
    """Name the list of a scale's steps."""
    return f"{OWN_SCALE}{scale.name}.{DONT_KNOW}" if dont_know else f"{OWN_SCALE}{scale.name}"


def constraint_of(item: Item) -> str:
    """Say what a number or a choice of many may be; ``not(…)`` says the bounds that nobody gave."""
    if item.kind in ("count", "share"):
        top = MOST_SHARE if item.kind == "share" else MOST_COUNT
        least = "not(. < 0)" if item.least is None else f". >= {item.least}"
        most = f"not(. > {top})" if item.most is None else f". <= {item.most}"
        return f". = {UNKNOWN_NUMBER} or {least} and {most}" if item.dont_know else f"{least} and {most}"
    if item.kind != "choices":
        return ""
    bounds = [f"count-selected(.) >= {item.least}"] if item.least is not None else []
    bounds += [f"count-selected(.) <= {item.most}"] if item.most is not None else []
    if not item.dont_know:
        return " and ".join(bounds)
    alone, others = f"selected(., '{DONT_KNOW}')", f"not(selected(., '{DONT_KNOW}'))"
    return f"{alone} and count-selected(.) = 1 or {' and '.join([others, *bounds])}"


def _allowed(item: Item, languages: Sequence[str]) -> Text:
    """Say what may be answered, in the languages in which we can."""
    if item.kind == "choices":
        return {}
    least, most = item.bounds
    told = {"ru": f"Целое число от {least} до {most}", "en": f"A whole number from {least} to {most}"}
    unsure = {one: f"; {UNKNOWN_NUMBER}: {words}" for one, words in DONT_KNOW_SAID.items()}
    return {
        one: told[one] + (unsure[one] if item.dont_know else "") + "." for one in languages if one in told
    }


def _choices(form: Form) -> Iterator[Cells]:
    used = {item.scale.name for item in form.items.values() if item.scale and item.dont_know}
    unsure = {"name": DONT_KNOW, **_in_all("label", _unsure(form.languages))}
    for scale in form.scales.values():
        for dont_know in (False, True)[: 1 + (scale.name in used)]:
            name = {"list_name": list_of(scale, dont_know)}
            for number, step in enumerate(scale.steps, 1):
                yield {**name, "name": str(number), **_in_all("label", step)}
            if dont_know:
                yield {**name, **unsure}
    for item in form.items.values():
        name = {"list_name": f"options.{item.name}"}
        for option in item.options:
            yield {**name, "name": option.name, **_in_all("label", option.text)}
        if item.options and item.dont_know:
            yield {**name, **unsure}


def _unsure(languages: Sequence[str]) -> Text:
    """Say «не знаю» in each language; in one that we do not speak, as in the first."""
    return {one: DONT_KNOW_SAID.get(one, DONT_KNOW_SAID["ru"]) for one in languages}
