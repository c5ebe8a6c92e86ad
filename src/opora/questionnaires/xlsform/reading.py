"""Reads an XLSForm workbook, our own or another: what a questionnaire can hold, and what it cannot."""

from collections.abc import Mapping
from dataclasses import dataclass

from opora.language import _
from opora.questionnaires.form import AUDIENCES, Form
from opora.questionnaires.reading import NAME, STATUSES, FormError
from opora.questionnaires.xlsform.columns import Languages, columns_not_carried, known
from opora.questionnaires.xlsform.questions import Survey
from opora.questionnaires.xlsform.sheets import Row, read_book
from opora.questionnaires.xlsform.writing import OWN, TOLD, YES

FIRST_YEAR, LAST_YEAR = 1990, 2999


@dataclass(frozen=True, eq=False)
class FromXlsform:
    """What a workbook gave. not_carried: what could not be carried over, by sheet and row. rows: where on the
    sheet survey each question, and each note of what people are told, stands.

    What a foreign workbook does not say (for whom, why, on which grounds) is empty: ``publishing`` tells it.
    """

    form: Form
    not_carried: tuple[str, ...]
    rows: Mapping[str, int]


def from_xlsform(data: bytes, where: str, *, audience: str = "", year: int = 0) -> FromXlsform:
    """Read a workbook (.xlsx); ``audience`` and ``year`` hold where the workbook does not say them.

    Raises: FormError, where it is no workbook, or has nothing that could be asked.
    """
    book = {
        name: [Row(row.sheet, row.number, known(row.cells)) for row in rows]
        for name, rows in read_book(data, where).items()
    }
    rows = book.get("survey", [])
    if not rows:
        raise FormError([_("{where}: нет листа «survey» или он пуст").format(where=where)])
    settings = next(iter(book.get("settings", [])), Row("settings", 2, {}))
    choices = book.get("choices", [])
    columns = dict.fromkeys(column for row in [*rows, *choices] for column in row.cells)
    languages = Languages(columns, settings.get("default_language"))
    not_carried = [*columns_not_carried(rows, languages), *columns_not_carried(choices, languages)]
    survey = Survey(languages, choices, not_carried)
    survey.read(rows)
    if not any(page.items for page in survey.pages):
        raise FormError([*not_carried, _("{where}: ни одного вопроса перенести нельзя").format(where=where)])
    return FromXlsform(_form(settings, survey, languages, audience, year), tuple(not_carried), survey.rows)


def _form(settings: Row, survey: Survey, languages: Languages, audience: str, year: int) -> Form:
    told: Mapping[str, Mapping[str, str]] = {name: survey.about.get(OWN + name, {}) for name in TOLD}
    title = told["title"] or languages.filled({languages.default: settings.get("form_title").strip()})
    own_languages = tuple(settings.get("opora_languages").split())
    return Form(
        name=_named(settings.get("form_id") or settings.get("id_string")),
        year=_year(settings.get("version")) or year,
        audience=_one_of(settings.get("opora_audience"), AUDIENCES) or audience,
        grades=tuple(_whole(grade) for grade in settings.get("opora_grades").split() if _whole(grade)),
        languages=own_languages if set(own_languages) == set(languages.all) else languages.all,
        status=_one_of(settings.get("opora_status"), STATUSES),
        title={language: text for language, text in title.items() if text},
        introduction=told["introduction"],
        purpose=told["purpose"],
        legal_basis=told["legal_basis"],
        used_by=told["used_by"],
        minutes=_whole(settings.get("opora_minutes")),
        voluntary=settings.get("opora_voluntary") == YES,
        anonymous=settings.get("opora_anonymous") == YES,
        pages=tuple(page for page in survey.pages if page.items or page.title or page.text),
        scales=survey.lists.scales,
    )


def _named(name: str) -> str:
    """Make a name of a questionnaire of whatever the workbook is called."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "_-") else "_" for sign in name)
    return plain if NAME.fullmatch(plain) else "imported"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _year(version: str) -> int:
    """Find the year that a version begins with: 2026, 2026010203."""
    found = _whole(version[:4])
    return found if FIRST_YEAR <= found <= LAST_YEAR else 0


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    return text if text in allowed else ""
