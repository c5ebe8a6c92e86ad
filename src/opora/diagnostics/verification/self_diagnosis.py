"""The self-diagnosis form (самодиагностика) on paper: the risks that a school takes on, and what it will do.

The two columns are those of a form that a school published in 2021; it is a reconstruction, not the
operator's own.
"""

from pathlib import Path

from opora.diagnostics.verification.pages import VerificationPage
from opora.language import _
from opora.lib.paper import add_table, finished, pdf, upright_document
from opora.ui.components import origin
from opora.ui.numbers import day, is_english

TEMPLATE = Path(__file__).with_name("self_diagnosis.typ")


def form_on_paper(page: VerificationPage, kind: str) -> bytes:
    """Print the form, filled in from what the school has chosen; ``kind``: pdf or docx.

    Empty: a table with its head alone, where nothing is chosen yet.
    """
    return _as_pdf(page) if kind == "pdf" else _as_docx(page)


def _title(page: VerificationPage) -> str:
    return _("Самодиагностика: {school}").format(school=page.name)


def _about(page: VerificationPage) -> list[str]:
    word, meaning = origin("reconstructed")
    return [
        _("{place}. Опрос «{title}», {year}.").format(
            place=page.place, title=page.head.title, year=page.head.year
        ),
        _("Форма: {word}. {meaning}").format(word=word, meaning=meaning),
    ]


def _heads() -> list[str]:
    return [_("Факторы риска (только актуальные для школы)"), _("Краткое описание мер")]


def _rows(page: VerificationPage) -> list[list[str]]:
    return [[f"{one.title} ({one.level})", one.measures or "—"] for one in page.factors if one.is_chosen]


def _end(page: VerificationPage) -> list[str]:
    told = []
    if page.few_reason:
        told.append(
            _("Почему рисков взято меньше {least}: {why}").format(least=page.least, why=page.few_reason)
        )
    for one in page.signatures:
        if one.at:
            told.append(
                _("{side}: подписано {day}, {by}").format(
                    side=one.side.capitalize(), day=day(one.at), by=one.by
                )
            )
        else:
            told.append(_("{side}: не подписано").format(side=one.side.capitalize()))
    return told


def _as_pdf(page: VerificationPage) -> bytes:
    told = {
        "lang": "en" if is_english() else "ru",
        "title": _title(page),
        "about": _about(page),
        "heads": _heads(),
        "rows": _rows(page),
        "end": _end(page),
    }
    return pdf(TEMPLATE, told)


def _as_docx(page: VerificationPage) -> bytes:
    document = upright_document(11)
    document.add_heading(_title(page), 1)
    for line in _about(page):
        document.add_paragraph(line)
    add_table(document, [_heads(), *_rows(page)], (7, 10))
    for line in _end(page):
        document.add_paragraph(line)
    return finished(document, _title(page), _("Опора"), "en" if is_english() else "ru")
