"""Reads what the form of a section sends; what cannot be kept is told at its place and stays typed."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

from django.http import QueryDict

from opora.language import _
from opora.methodology.quality.checklist import Section
from opora.methodology.quality.judging import Answer, Finding
from opora.quality.models import SheetPart
from opora.quality.sheets.section_query import Given
from opora.ui.components import Wrong
from opora.ui.numbers import day

Side = SheetPart.Side
LONGEST = 500  # characters of an address


def given_of(posted: QueryDict, section: Section, side: str, today: date) -> Given:
    """Read what a side says of a section; what is no criterion of it is not looked at."""
    names = [one.name for one in section.criteria]
    if side == Side.MUNICIPALITY:
        found = {
            name: Finding(posted.get(f"level_{name}", ""), posted.get(f"reason_{name}", "")) for name in names
        }
        return Given(findings=found)
    answers = {name: _answer(posted, name) for name in names}
    wrong = tuple(one for name, answer in answers.items() for one in _wrong(name, answer, today))
    return Given(answers=answers, wrong=wrong)


def _answer(posted: QueryDict, name: str) -> Answer:
    fields = ("level", "words", "title", "dated", "link")
    return Answer(**{field: posted.get(f"{field}_{name}", "").replace("\0", "").strip() for field in fields})


def _wrong(name: str, answer: Answer, today: date) -> Iterator[Wrong]:
    if reason := wrong_link(answer.link):
        yield Wrong(reason, f"#link_{name}")
    if reason := wrong_day(answer.dated, today):
        yield Wrong(reason, f"#dated_{name}")


def wrong_link(link: str) -> str:
    """Say what is wrong with the address of a document. Empty: nothing, or there is no address."""
    if not link:
        return ""
    try:
        address = urlsplit(link)
        is_good = address.scheme == "https" and "." in (address.hostname or "")
    except ValueError:
        is_good = False
    if not is_good or len(link) > LONGEST or len(link.split()) != 1:
        return _("Ссылка начинается с https:// и не длиннее {most} знаков.").format(most=LONGEST)
    return ""


def wrong_day(written: str, today: date) -> str:
    """Say what is wrong with the day of a document. Empty: nothing, or there is no day."""
    if not written:
        return ""
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return _("Дата документа: день, месяц и год, например {day}.").format(day=day(today))
    return _("Дата документа ещё не наступила.") if found > today else ""
