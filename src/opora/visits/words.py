"""How kinds of records, people who were met, and what was seen are said."""

from django.utils.translation import get_language

from opora.language import _
from opora.visits.asked import Said
from opora.visits.protocol import records as kinds


def said(words: Said) -> str:
    """Say words in the language of the page."""
    return words.in_language(get_language() or "ru")


def kind_name(kind: str) -> str:
    """Say a kind of record. Empty: the kind itself, where a later device has one that is not known here."""
    return {
        kinds.MET: _("Встреча"),
        kinds.ANSWER: _("Проверено на месте"),
        kinds.OBSERVATION: _("Наблюдение"),
        kinds.AGREEMENT: _("Договорённость"),
        kinds.KEPT: _("Договорённость выполнена"),
        kinds.NOTE: _("Заметка"),
        kinds.PHOTOGRAPH: _("Фотография"),
        kinds.CORRECTION: _("Исправление"),
    }.get(kind, kind)


def group_name(kind: str) -> str:
    """Say records of a kind together."""
    return {
        kinds.MET: _("С кем встретились"),
        kinds.ANSWER: _("Что проверено на месте"),
        kinds.OBSERVATION: _("Наблюдения"),
        kinds.AGREEMENT: _("Договорённости, которые исправлены"),
        kinds.KEPT: _("Исправленные отметки о выполнении"),
        kinds.NOTE: _("Заметки"),
        kinds.PHOTOGRAPH: _("Фотографии"),
    }.get(kind, kind)


def who_was_met() -> dict[str, str]:
    """Say who may be met: positions, never pupils."""
    return {
        "director": _("Директор"),
        "deputy": _("Заместитель директора"),
        "teachers": _("Учителя"),
        "psychologist": _("Психолог или социальный педагог"),
        "team": _("Школьная команда"),
        "parents": _("Родители"),
        "founder": _("Представитель учредителя"),
        "other": _("Кто-то ещё (напишите должность)"),
    }


def seen_words() -> dict[str, str]:
    """Say what was seen of the risk that a question is about."""
    return {
        "confirmed": _("риск виден"),
        "partly": _("виден отчасти"),
        "not": _("риска не видно"),
        "unseen": _("посмотреть не удалось"),
    }


def consent_words() -> dict[str, str]:
    """Say what a photo with children needs one of."""
    return {
        "paper": _("Согласие родителей есть на бумаге и хранится в школе"),
        "blurred": _("Лица детей закрыты или размыты"),
    }
