"""Codes of schools and places: their form and their check digits, as pure functions.

A function answers the code in its one written form, or raises ``WrongCode`` with what is wrong and allowed.
"""

import re

from opora.language import _

INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


class WrongCode(ValueError):
    """A code that cannot be: ``what`` is wrong with it, ``allowed`` is what stands there otherwise."""

    def __init__(self, what: str, allowed: str):
        self.what, self.allowed = what, allowed
        super().__init__(f"{what}. {allowed}")


def inn(text: str) -> str:
    """Check the ten-digit taxpayer number of an organisation (ИНН).

    Source: приказ ФНС 29.06.2012 № ММВ-7-6/435@; weights 2 4 10 3 5 9 4 6 8, modulo 11, modulo 10.
    """
    digits = _digits(text, (10,), _("ИНН организации — 10 цифр"))
    if inn_check_digit(digits[:9]) != digits[9]:
        raise WrongCode(_("Контрольная цифра ИНН не сходится"), _("Проверьте номер по документам школы"))
    return digits


def inn_check_digit(nine: str) -> str:
    """Answer the tenth digit of an ИНН from the first nine."""
    return str(sum(int(d) * w for d, w in zip(nine, INN_WEIGHTS, strict=True)) % 11 % 10)


def ogrn(text: str) -> str:
    """Check the thirteen-digit state registration number (ОГРН): the last digit is n mod 11 mod 10."""
    digits = _digits(text, (13,), _("ОГРН — 13 цифр"))
    if ogrn_check_digit(digits[:12]) != digits[12]:
        raise WrongCode(_("Контрольная цифра ОГРН не сходится"), _("Проверьте номер по документам школы"))
    return digits


def ogrn_check_digit(twelve: str) -> str:
    """Answer the thirteenth digit of an ОГРН from the first twelve."""
    return str(int(twelve) % 11 % 10)


def oktmo(text: str) -> str:
    """Check the code of a municipality (8 digits) or of a settlement in it (11 digits) (ОКТМО).

    The classifier's check digit is not part of the code as it is written in documents.
    """
    return _digits(text, (8, 11), _("ОКТМО — 8 цифр (муниципалитет) или 11 (населённый пункт)"))


def vpr_login(text: str) -> str:
    """Check a school's login of ВПР; the newer ``edu…`` is written ``sch…``."""
    login = re.sub(r"^edu(?=\d)", "sch", text.strip().lower())
    if not re.fullmatch(r"sch\d{6,8}", login, re.ASCII):
        raise WrongCode(_("Логин ВПР не того вида"), _("sch и от 6 до 8 цифр, например sch250101"))
    return login


def vpr_region(login: str) -> str:
    """Answer the region's number inside a ВПР login."""
    return login[3:5]


def ris_code(text: str) -> str:
    """Check a school's code in РИС ГИА; spreadsheets drop its leading zeros, so they are put back."""
    digits = text.strip()
    if not re.fullmatch(r"\d{1,6}", digits, re.ASCII) or not int(digits):
        raise WrongCode(_("Код ОО в РИС ГИА не того вида"), _("6 цифр, например 111002"))
    return digits.zfill(6)


def msu_code(text: str) -> str:
    """Check a municipality's code in РИС ГИА (код МСУ)."""
    digits = text.strip()
    if not re.fullmatch(r"\d{1,3}", digits, re.ASCII) or not int(digits):
        raise WrongCode(_("Код МСУ не того вида"), _("3 цифры, например 111"))
    return digits.zfill(3)


def _digits(text: str, lengths: tuple[int, ...], allowed: str) -> str:
    """Answer the digits of a code written with or without spaces."""
    digits = re.sub(r"[\s\u00a0]", "", text)
    if not re.fullmatch(r"\d+", digits, re.ASCII):
        raise WrongCode(_("В коде есть не только цифры"), allowed)
    if len(digits) not in lengths:
        raise WrongCode(_("В коде не столько цифр: {count}").format(count=len(digits)), allowed)
    return digits
