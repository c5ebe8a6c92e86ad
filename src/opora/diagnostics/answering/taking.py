"""Takes a sheet of answers once, whatever the line does: sent twice, late, or from two windows."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from opora.diagnostics.codes import Mistyped, digest_of_code, digest_of_receipt
from opora.diagnostics.numbers import GRACE, TOGETHER
from opora.diagnostics.questionnaires import load, names_for
from opora.questionnaires.form import Form
from opora.questionnaires.logic import checked
from opora.questionnaires.publishing import ALONE

RECEIPT = re.compile(r"[0-9a-f]{32}")  # how a device calls its sheet: 128 bits by chance
MOST_BYTES = 64 * 1024  # of a sheet as it is sent


class Told(StrEnum):
    """What became of a sheet."""

    TAKEN = "taken"
    AGAIN = "again"  # it had come before: the device did not hear so
    USED = "used"  # the code has opened another sheet
    NO_CODE = "no_code"
    EARLY = "early"
    OVER = "over"
    UNKNOWN = "unknown"  # there is no such link
    FAULTY = "faulty"  # an answer is not one that its question allows

    @property
    def is_kept(self) -> bool:
        """Say whether the sheet is here now."""
        return self in (Told.TAKEN, Told.AGAIN)


class NoSurvey(LookupError):
    """There is no link with this token."""


@dataclass(frozen=True)
class Survey:
    """What a link asks: ``ends_on`` is the last day on which it can be begun."""

    token: str
    form: Form
    way: str
    school: str
    title: str
    state: str
    opens_on: date
    ends_on: date

    def standing(self, today: date) -> str:
        """Say whether it can be begun: ``early``, ``open`` or ``over``."""
        if self.state == "draft" or today < self.opens_on:
            return "early"
        return "over" if self.state == "closed" or today > self.ends_on else "open"

    @property
    def taken_until(self) -> date:
        """Answer the last day on which a sheet that was filled in without a line is taken."""
        return self.ends_on + timedelta(days=GRACE)


@dataclass(frozen=True)
class Given:
    """A sheet as somebody sends it. receipt: how their device calls it."""

    token: str
    receipt: str
    code: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Taking:
    """What became of a sheet; faults: what is wrong with which answer, where it is faulty."""

    told: Told
    faults: tuple[Any, ...] = ()


def survey(token: str) -> Survey | None:
    """Answer what a link asks. Empty: None, where there is no such link."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opora_survey(%s)", [token])
        row = cursor.fetchone()
    return Survey(token, load(row[0]), *row[1:]) if row else None


@lru_cache(maxsize=100_000)
def form_of(token: str) -> Form:
    """Answer the questionnaire of a link, which never changes: it is asked of the database once.

    Raises: NoSurvey; a link that was dropped since is one whose sheets are told ``UNKNOWN``.
    """
    asked = survey(token)
    if asked is None:
        raise NoSurvey(token)
    return asked.form


def take_sheet(form: Form, given: Given) -> Taking:
    """Check a sheet and keep it once; what its questions do not allow is told and nothing is kept.

    The answers are kept without the code, the receipt or a moment; see ``sql/answering.sql``.
    """
    found = checked(form, given.answers)
    if found.faults:
        return Taking(Told.FAULTY, tuple(found.faults))
    try:
        code = digest_of_code(given.token, given.code) if given.code else ""
    except Mistyped:
        return Taking(Told.NO_CODE)
    sheet = json.dumps(found.answers, ensure_ascii=False)
    asked: list[Any] = [
        given.token,
        code,
        digest_of_receipt(given.receipt),
        sheet,
        timezone.localdate(),
        GRACE,
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_answer(%s, %s, %s, %s::jsonb, %s, %s)", asked)
        return Taking(Told(cursor.fetchone()[0]))


def offices() -> list[str]:
    """Name the questionnaires that one person answers for an office."""
    return names_for(ALONE)


def mix_sheets() -> int:
    """Put sheets that wait among others of their link, where enough of them wait; answer how many were."""
    with connection.cursor() as cursor:
        told: list[Any] = [TOGETHER, timezone.localdate(), GRACE, offices()]
        cursor.execute("SELECT opora_mix_sheets(%s, %s, %s, %s)", told)
        return int(cursor.fetchone()[0])
