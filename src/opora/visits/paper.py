"""The protocol of a visit (протокол визита) on paper, PDF and DOCX: a form of Opora's own."""

from pathlib import Path

from opora.language import _
from opora.lib.paper import add_table, finished, pdf, upright_document
from opora.ui.components import origin
from opora.ui.numbers import day, is_english, moment
from opora.visits.pages import RecordCard, VisitPage

TEMPLATE = Path(__file__).with_name("protocol.typ")
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def protocol_on_paper(page: VisitPage, kind: str) -> bytes:
    """Print the protocol: what its reader may read of the visit; ``kind``: pdf or docx."""
    return _as_pdf(page) if kind == "pdf" else _as_docx(page)


def _title(page: VisitPage) -> str:
    return _("Протокол визита: {school}").format(school=page.head.name)


def _about(page: VisitPage) -> list[str]:
    word, meaning = origin("default")
    head = page.head
    told = [
        _("{place}. День визита: {day}. {word}.").format(
            place=head.place, day=day(head.planned_on), word=head.word.capitalize()
        ),
        _("Зачем: {purpose}").format(purpose=head.purpose),
        _("Форма протокола: {word}. {meaning}").format(word=word, meaning=meaning),
    ]
    if head.campaign:
        told.insert(2, _("Рисковый профиль: опрос «{title}».").format(title=head.campaign))
    if head.reason:
        told.append(_("Отменён: {reason}").format(reason=head.reason))
    if not page.sees_everything:
        told.append(_("В этом экземпляре — встречи и договорённости: то, что открыто школе."))
    return told


def _heads() -> list[str]:
    return [_("О чём договорились"), _("Кто сделает"), _("К какому дню"), _("Состояние")]


def _rows(page: VisitPage) -> list[list[str]]:
    return [[one.what, one.who, day(one.due), one.word] for one in page.agreements]


def _sections(page: VisitPage) -> list[tuple[str, list[list[str]]]]:
    """Give the groups of records: each record as its lines."""
    return [(title, [_lines(one) for one in cards]) for title, cards in page.groups]


def _lines(one: RecordCard) -> list[str]:
    told = [f"{term}: {text}" if term else text for term, text in one.lines]
    if one.earlier:
        told.append(_("Запись исправлена; прежний текст хранится."))
    return told or [_("без подписи")]


def _end(page: VisitPage) -> list[str]:
    told = [_("Куратор: ____________________"), _("Школа: ____________________")]
    if page.last_at:
        received = _("Записей получено: {count}, последняя — {when}.")
        told.insert(0, received.format(count=page.received, when=moment(page.last_at)))
    return told


def _as_pdf(page: VisitPage) -> bytes:
    told = {
        "lang": "en" if is_english() else "ru",
        "title": _title(page),
        "about": _about(page),
        "agreements": _("Договорённости со школой"),
        "heads": _heads(),
        "rows": _rows(page),
        "none": _("Договорённостей нет."),
        "sections": [{"title": title, "records": records} for title, records in _sections(page)],
        "end": _end(page),
    }
    return pdf(TEMPLATE, told)


def _as_docx(page: VisitPage) -> bytes:
    document = upright_document(11)
    document.add_heading(_title(page), 1)
    for line in _about(page):
        document.add_paragraph(line)
    document.add_heading(_("Договорённости со школой"), 2)
    if rows := _rows(page):
        add_table(document, [_heads(), *rows], (7, 4, 3, 3))
    else:
        document.add_paragraph(_("Договорённостей нет."))
    for title, records in _sections(page):
        document.add_heading(title, 2)
        for lines in records:
            document.add_paragraph("\n".join(lines), style="List Bullet")
    for line in _end(page):
        document.add_paragraph(line)
    return finished(document, _title(page), _("Опора"), "en" if is_english() else "ru")
