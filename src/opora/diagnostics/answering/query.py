"""The data of the page of a questionnaire."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from opora.diagnostics.answering.pages import AnswerPage, Choice, Line, Question, Sheet
from opora.diagnostics.answering.taking import Survey
from opora.diagnostics.answering.words import words
from opora.diagnostics.models import SurveyLink
from opora.language import _
from opora.questionnaires.form import (
    DONT_KNOW,
    NUMBERS,
    Form,
    Item,
    Page,
    Scale,
)
from opora.questionnaires.writing import condition_data

KINDS = {
    "agreement": "one",
    "frequency": "one",
    "choice": "one",
    "choices": "many",
    "matrix": "lines",
    "count": "number",
    "share": "number",
    "text": "text",
}
WRITTEN = (*NUMBERS, "text")
NAMES = {"ru": "Русский", "en": "English"}


@dataclass(frozen=True)
class Filled:
    """How far a page is filled in, and what is wrong with it: field → sentence."""

    receipt: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    code: str = ""
    code_error: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def answer_page(asked: Survey, today: date, language: str, filled: Filled) -> AnswerPage:
    """Answer the questionnaire of a link in a language, with what was answered and what is wrong with it."""
    form, given, wrong = asked.form, filled.answers, filled.faults
    spoken = language if language in form.languages else form.languages[0]
    return AnswerPage(
        token=asked.token,
        title=form.title[spoken],
        introduction=form.introduction[spoken],
        school=asked.school,
        purpose=form.purpose[spoken],
        legal_basis=form.legal_basis[spoken],
        used_by=form.used_by[spoken],
        minutes=form.minutes,
        voluntary=form.voluntary,
        anonymous=form.anonymous,
        standing=asked.standing(today),
        opens_on=asked.opens_on,
        ends_on=asked.ends_on,
        taken_until=asked.taken_until,
        by_codes=asked.way == SurveyLink.Way.CODES,
        code=filled.code,
        code_error=filled.code_error,
        receipt=filled.receipt,
        sheets=tuple(_sheet(page, spoken, given, wrong) for page in form.pages),
        faults=tuple(wrong.items()),
        languages=tuple((one, NAMES.get(one, one), one == spoken) for one in form.languages),
        words=words(),
    )


def _sheet(page: Page, language: str, given: Mapping[str, Any], wrong: Mapping[str, str]) -> Sheet:
    questions = tuple(_question(item, language, given, wrong) for item in page.items)
    return Sheet(page.title[language], page.text[language] if page.text else "", questions)


def _question(item: Item, language: str, given: Mapping[str, Any], wrong: Mapping[str, str]) -> Question:
    value = given.get(item.name)
    bounds = next(iter(item.fields))
    is_number = item.kind in NUMBERS
    return Question(
        name=item.name,
        kind=KINDS[item.kind],
        is_step=item.scale is not None,
        text=item.text[language],
        help=item.help[language] if item.help else "",
        required=item.required,
        choices=tuple(_choices(item, language, value)),
        lines=tuple(_lines(item, language, given, wrong)),
        heads=tuple(step[language] for step in item.scale.steps) if item.scale else (),
        value="" if value is None or value == DONT_KNOW or item.kind not in WRITTEN else str(value),
        unit="%" if item.kind == "share" else "",
        least=bounds.least if is_number else None,
        most=bounds.most if is_number else None,
        dont_know=_dont_know(value) if item.dont_know and is_number else None,
        asked_if=json.dumps(condition_data(item.asked_if), separators=(",", ":")) if item.asked_if else "",
        error=wrong.get(item.name, ""),
    )


def _choices(item: Item, language: str, value: Any) -> Iterator[Choice]:
    if item.scale and item.kind != "matrix":
        yield from _steps(item.scale, language, value)
    chosen = value if isinstance(value, list) else [value]
    for option in item.options:
        yield Choice(option.name, option.text[language], option.name in chosen)
    if item.dont_know and item.kind not in (*NUMBERS, "matrix", "text"):
        yield _dont_know(value)


def _steps(scale: Scale, language: str, value: Any) -> Iterator[Choice]:
    for step, said in enumerate(scale.steps, 1):
        yield Choice(str(step), said[language], value == step)


def _dont_know(value: Any) -> Choice:
    return Choice(DONT_KNOW, _("Не знаю"), value == DONT_KNOW)


def _lines(item: Item, language: str, given: Mapping[str, Any], wrong: Mapping[str, str]) -> Iterator[Line]:
    for row in item.rows:
        name = f"{item.name}.{row.name}"
        choices = [*_steps(item.scale, language, given.get(name))] if item.scale else []
        if item.dont_know:
            choices.append(_dont_know(given.get(name)))
        yield Line(name, row.text[language], tuple(choices), wrong.get(name, ""))


def sheet_of(form: Form, posted: QueryDict) -> dict[str, Any]:
    """Read what a plain form sent into a sheet; what is no number stays as it was typed, to be told."""
    sheet: dict[str, Any] = {}
    for item in form.items.values():
        for name in _places(item):
            values = [one for one in posted.getlist(name) if one != ""]
            if item.kind == "choices":
                sheet[name] = DONT_KNOW if values == [DONT_KNOW] else values
            elif values:
                # «не знаю» stands beside a number: whichever of the two was given last in the page counts
                sheet[name] = _whole(values[-1]) if item.kind not in ("choice", "text") else values[0]
    return {name: value for name, value in sheet.items() if value != []}


def _places(item: Item) -> list[str]:
    return [f"{item.name}.{row.name}" for row in item.rows] or [item.name]


def _whole(text: str) -> int | str:
    plain = "".join(text.split())
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 10 else text
