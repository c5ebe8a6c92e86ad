"""The attributes of a school that rules ask for, and the words that tables of schools have for them."""

import re

# kind of school (вид школы) → how tables call it
KINDS: dict[str, tuple[str, ...]] = {
    "general": ("средняя или основная школа", "общеобразовательная", "сош", "оош", "средняя", "основная"),
    "primary": ("начальная школа", "начальная"),
    "gymnasium": ("гимназия",),
    "lyceum": ("лицей",),
    "advanced": ("школа с углублённым изучением предметов", "с углублённым изучением предметов"),
    "cadet": ("кадетская школа, кадетский корпус", "кадетская", "кадетская школа", "кадетский корпус"),
    "boarding": ("школа-интернат", "интернат"),
    "evening": ("вечерняя (сменная) школа", "вечерняя", "вечерняя школа", "вечерняя (сменная)"),
    "correctional": (
        "специальная (коррекционная) школа",
        "специальная (коррекционная)",
        "коррекционная",
        "специальная",
    ),
    "closed": ("специальное учебно-воспитательное учреждение закрытого типа", "закрытого типа", "суву"),
    "prison": ("школа при исправительном учреждении", "при исправительном учреждении", "при иу"),
    "other": ("другое",),
}
# kind of settlement (тип населённого пункта) → how tables call it
SETTLEMENTS: dict[str, tuple[str, ...]] = {
    "urban": ("город", "г", "городской", "городская"),
    "town": ("посёлок городского типа", "пгт", "рабочий посёлок", "рп"),
    "rural": (
        *("село", "с", "деревня", "д", "сельский", "сельская", "посёлок", "п"),
        *("станица", "хутор", "аул"),
    ),
}


def compared(text: str) -> str:
    """Answer a word as it is compared: small letters, «е» for «ё», no punctuation."""
    return re.sub(r"[^\w]+", " ", text.lower().replace("ё", "е")).replace("_", " ").strip()


def kind_of(text: str) -> str:
    """Answer the kind of school that a table means by a word; an unknown word stays as it is."""
    return _BY_KIND.get(compared(text), text)


def settlement_of(text: str) -> str:
    """Answer the kind of settlement that a table means by a word; an unknown word stays as it is."""
    return _BY_SETTLEMENT.get(compared(text), text)


def _by_word(words: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {compared(word): value for value, names in words.items() for word in (value, *names)}


_BY_KIND = _by_word(KINDS)
_BY_SETTLEMENT = _by_word(SETTLEMENTS)
