"""Settles what a file of ВПР is about where its rows do not say: year, subject, both grades, sitting."""

import re
from dataclasses import dataclass

from opora.language import _
from opora.results.readers.headings import Hints, hints
from opora.results.readers.problems import Problems
from opora.results.readers.subjects import subject_named
from opora.results.reading import Context

LAST_AUTUMN_GRADE = 9  # in autumn grades 5–9 wrote on the programme of the grade before
LOGIN = re.compile(r"sch\d{6,8}")
_LOGIN_SOMEWHERE = re.compile(r"(?:sch|edu)(\d{6,8})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """What a form of the protocol tells by itself, whoever filled it in."""

    name: str
    year: int | None = None
    autumn: bool = False
    class_tells_grade: bool = True
    names_school: bool = True


@dataclass(frozen=True)
class Written:
    """What was written, by whom: everything a cell needs besides the school."""

    year: int
    subject: str
    grade: int | None  # None: each row tells its own by the class
    autumn: bool  # on the programme of the grade before
    sitting: str

    def programme(self, grade: int) -> int:
        """Answer the grade whose programme was tested."""
        return grade - 1 if self.autumn and grade <= LAST_AUTUMN_GRADE else grade


def settle(
    context: Context, titles: list[str], form: Form, by_class: bool, problems: Problems
) -> Written | None:
    """Take year, subject and grade from the person, else the file's own title lines, else its name.

    by_class: the column of classes may tell the grade.
    Empty: something cannot be known, and the problems say how to give it.
    """
    told = hints(*titles, context.name)
    year = context.year or told.year or form.year
    subject = subject_named(context.subject) or told.subject
    autumn = form.autumn or (year == 2022 and told.sitting == "autumn")
    grade = context.grade or _grade_that_wrote(told, autumn)
    if year is None:
        problems.add(_("Из файла не видно, за какой год результаты."), _how(_("год")))
    if not subject:
        problems.add(_("Из файла не видно, по какому предмету результаты."), _how(_("предмет")))
    if grade is None and not by_class:
        problems.add(_("Из файла не видно, какой класс писал работу."), _how(_("класс")))
    if year is None or not subject or (grade is None and not by_class):
        return None
    return Written(year, subject, grade, autumn, told.sitting if year == 2022 else "")


def _how(what: str) -> str:
    example = _("Укажите {what} при загрузке или в имени файла, например «ВПР 2022 по математике, 5 класс».")
    return example.format(what=what)


def _grade_that_wrote(told: Hints, autumn: bool) -> int | None:
    """Read the grade of a name: «Mat5» names the one that wrote, «математике, 4 класс» the programme."""
    if told.grade is None or told.by_letters or not autumn:
        return told.grade
    return told.grade + 1 if told.grade < LAST_AUTUMN_GRADE else told.grade


def login_of(text: object) -> str:
    """Write a school's login as ``sch…`` (``edu…`` since 2022); "" where it is not a login."""
    login = str(text).strip().lower() if text is not None else ""
    if login.startswith("edu"):
        login = "sch" + login[3:]
    return login if LOGIN.fullmatch(login) else ""


def login_in(text: str) -> str:
    """Find a school's login inside a name or a title."""
    found = _LOGIN_SOMEWHERE.search(text)
    return f"sch{found[1]}" if found else ""
