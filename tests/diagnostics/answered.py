"""Lets people answer a campaign as they do on their devices, then mixes their sheets."""

import secrets
from random import Random

from django.db import connection

from opora.demo.surveys import drawn_sheet
from opora.diagnostics.answering.taking import Given, mix_sheets, offices, take_sheet
from opora.diagnostics.codes import code_of, digest_of_code
from opora.diagnostics.models import AnswerCode, SurveyLink
from opora.diagnostics.numbers import GRACE, TOGETHER
from opora.diagnostics.questionnaires import load


def sheet(form, level, seed):
    """Draw the answers of one person; a higher level is a better school."""
    return drawn_sheet(form, level, Random(seed))


def answer(campaign, school, people, level=0.5, first=0):
    """Let so many people of a school answer each form; ``first`` tells apart who comes later."""
    for name, many in people.items():
        link = SurveyLink.objects.get(campaign=campaign, school=school, form=name)
        form = load(name)
        for number in range(first + 1, first + many + 1):
            code = ""
            if link.way == SurveyLink.Way.CODES:
                made = link.codes.count()
                _more(link, max(0, number - made))
                code = code_of(link.token, number)
            given = Given(link.token, secrets.token_hex(16), code, sheet(form, level, number))
            taking = take_sheet(form, given)
            assert taking.told.is_kept, taking
    mix_sheets()


def mix(today):
    """Mix what waits, as the program does on a later day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_mix_sheets(%s, %s, %s, %s)", [TOGETHER, today, GRACE, offices()])


def _more(link, count):
    """Make codes also after the end: they were printed before it."""
    made = link.codes.count()
    for number in range(made + 1, made + count + 1):
        digest = digest_of_code(link.token, code_of(link.token, number))
        AnswerCode.objects.create(link=link, number=number, digest=digest)
