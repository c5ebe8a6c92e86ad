"""How levels, states of sheets and of repairs are said: neutral words, a help and no inspection."""

from opora.language import _
from opora.methodology.quality.checklist import NO, NOT_APPLICABLE, PARTLY, YES
from opora.methodology.quality.judging import Standing

LEVEL_STATES = {YES: "ok", PARTLY: "attention", NO: "trouble", NOT_APPLICABLE: "neutral", "": "none"}
SHEET_STATES = {
    "empty": "none",
    "filling": "neutral",
    "filled": "attention",
    "checking": "attention",
    "checked": "ok",
}


def level_word(level: str) -> str:
    """Say a level in a word. Empty: nothing is said yet."""
    return {
        YES: _("да"),
        PARTLY: _("частично"),
        NO: _("нет"),
        NOT_APPLICABLE: _("не применимо"),
    }.get(level, _("не отвечено"))


def sheet_word(state: str) -> str:
    """Say how far a sheet is."""
    return {
        "empty": _("не начат"),
        "filling": _("школа заполняет"),
        "filled": _("ждёт проверки"),
        "checking": _("проверяется"),
        "checked": _("проверен"),
    }[state]


def standing_word(standing: str) -> str:
    """Say where a repair stands."""
    return {
        Standing.OPEN: _("в работе"),
        Standing.OVERDUE: _("срок прошёл"),
        Standing.DONE: _("выполнено"),
    }[Standing(standing)]
