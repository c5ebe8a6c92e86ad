"""The data of the page of a questionnaire."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from opora.diagnostics.answering.pages import AnswerPage, Choice, Line, Question, Sheet
from opora.diagnostics.answering.taking import Survey
from opora.diagnostics.models import SurveyLink
from opora.language import _
from opora.questionnaires.form import Form, Item, Page

DONT_KNOW = "dont_know"
NAMES = {"ru": "Русский", "en": "English"}


def answer_page(
    asked: Survey,
    today: date,
    language: str,
    given: Mapping[str, Any],
    receipt: str,
    code: str = "",
    code_error: str = "",
    faults: Mapping[str, str] | None = None,
) -> AnswerPage:
    """Answer the questionnaire of a link in a language, with what was answered and what is wrong with it."""
    form, wrong = asked.form, faults or {}
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
        code=code,
        code_error=code_error,
        receipt=receipt,
        sheets=tuple(_sheet(page, spoken, given, wrong) for page in form.pages),
        faults=tuple((field, said) for field, said in wrong.items()),
        languages=tuple((one, NAMES.get(one, one), one == spoken) for one in form.languages),
    )


def _sheet(page: Page, language: str, given: Mapping[str, Any], wrong: Mapping[str, str]) -> Sheet:
    questions = tuple(_question(item, language, given, wrong) for item in page.items)
    return Sheet(page.title[language], page.text[language] if page.text else "", questions)
