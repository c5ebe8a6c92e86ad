"""A risk profile on paper: PDF by typst, DOCX by python-docx, both from what the page shows."""

from pathlib import Path
from typing import Any

from opora.diagnostics.profiles.pages import FactorCard, ProfilePage
from opora.language import _
from opora.lib.paper import add_table, finished, pdf, upright_document
from opora.ui.components import origin
from opora.ui.numbers import day, is_english, number
from opora.ui.pictures.levels import LevelRow

TEMPLATE = Path(__file__).with_name("profile.typ")
KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def document(page: ProfilePage, kind: str) -> bytes:
    """Print a profile; ``kind`` is one of ``KINDS``."""
    return _as_pdf(page) if kind == "pdf" else _as_docx(page)


def _title(page: ProfilePage) -> str:
    return _("Рисковый профиль школы: {school}").format(school=page.name)


def _about(page: ProfilePage) -> list[str]:
    """Say what this is and what it was made of."""
    word, meaning = origin(page.made.kind)
    return [
        _("{place}. Опрос «{title}», {year}.").format(
            place=page.place, title=page.head.title, year=page.head.year
        ),
        _("Составлен {day}. {edition}: {word}. {meaning}").format(
            day=day(page.made.at), edition=page.made.edition, word=word, meaning=meaning
        ),
        page.made.levels,
        _("Профиль — повод для разговора о поддержке; это не оценка школы и не проверка."),
    ]


def _heads() -> list[str]:
    return [_("Фактор"), _("Значимость"), _("Баллы"), _("Интервал"), _("Похожие школы")]


def _cells(row: LevelRow) -> list[str]:
    points = "—" if row.value is None else number(row.value)
    between = "—" if row.low is None or row.high is None else f"{number(row.low)}–{number(row.high)}"
    return [row.label, row.word, points, between, "—" if row.beside is None else number(row.beside)]


def _indicator_heads() -> list[str]:
    return [_("Показатель"), _("Баллы"), _("Вклад в фактор"), _("Кто о нём сказал")]


def _indicators(card: FactorCard) -> list[list[str]]:
    return [
        [
            one.title,
            "—" if one.points is None else number(one.points),
            one.contribution or "—",
            "; ".join(
                f"{group.name}: {'—' if group.points is None else number(group.points)}"
                + (f" ({group.said})" if group.said else "")
                for group in one.groups
            )
            or "—",
        ]
        for one in card.indicators
    ]


def _said(card: FactorCard) -> list[str]:
    return [line for line in (*card.sentences, card.beside, card.changed, *card.changes) if line]


def _sections(page: ProfilePage) -> list[tuple[str, list[str]]]:
    told = [(_("Кто ответил"), list(page.responses))]
    if page.disagreements:
        note = _(
            "Разницу с другими школами здесь не объяснить случайностью. "
            "Это повод поговорить, а не вывод, кто прав."
        )
        told.append((_("Где группы видят школу по-разному"), [note, *page.disagreements]))
    return told


def _as_pdf(page: ProfilePage) -> bytes:
    told: dict[str, Any] = {
        "lang": "en" if is_english() else "ru",
        "title": _title(page),
        "about": _about(page),
        "heads": _heads(),
        "rows": [
            {
                "cells": _cells(row),
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "middle_from": row.middle_from,
                "high_from": row.high_from,
                "beside": row.beside,
            }
            for row in page.picture.rows
        ],
        "picture": _("Баллы от 0 до 100 с интервалом; фон — средняя и высокая значимость"),
        "why": _("Почему такой уровень"),
        "indicator_heads": _indicator_heads(),
        "factors": [
            {
                "title": f"{card.title}: {card.level}",
                "said": _said(card),
                "indicators": _indicators(card),
            }
            for card in page.factors
        ],
        "sections": [{"title": title, "lines": lines} for title, lines in _sections(page)],
    }
    return pdf(TEMPLATE, told)


def _as_docx(page: ProfilePage) -> bytes:
    document = upright_document(10)
    document.add_heading(_title(page), 1)
    for line in _about(page):
        document.add_paragraph(line)
    add_table(document, [_heads(), *(_cells(row) for row in page.picture.rows)], (7, 3, 2, 2.5, 2.5))
    for title, lines in _sections(page):
        document.add_heading(title, 2)
        for line in lines:
            document.add_paragraph(line, style="List Bullet")
    document.add_heading(_("Почему такой уровень"), 2)
    for card in page.factors:
        document.add_heading(f"{card.title}: {card.level}", 3)
        for line in _said(card):
            document.add_paragraph(line)
        add_table(document, [_indicator_heads(), *_indicators(card)], (6, 2, 2.5, 6.5))
    return finished(document, _title(page), _("Опора"), "en" if is_english() else "ru")
