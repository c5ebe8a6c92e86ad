"""The words of this room's deeds."""

from opora.language import _

DEEDS = {
    "invite_person": "приглашён {way}: {person}",
    "withdraw_invitation": "отозвано приглашение: {person}",
    "accept_invitation": "принято приглашение, задан пароль",
    "refuse_invitation": "отказано в приглашении: {why}",
    "import_people": "загружена таблица людей: новых назначений {added}, без изменений {unchanged}",
    "ask_to_be_forgotten": "подана просьба забыть свои данные",
    "forget_person": "имя и адрес заменены номером: {person}",
}


def in_words(word: object) -> str:
    """Say a word that is kept in Russian, such as the way of an invitation, in the reader's language."""
    return _(str(word)) if word else ""
