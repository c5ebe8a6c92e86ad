"""Codes of invented schools are valid in form."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.demo import codes

NUMBERS = st.integers(min_value=1, max_value=9999)


def inn_is_valid(inn: str) -> bool:
    """Check an ИНН by the published sum, written apart from the code under test."""
    digits = [int(digit) for digit in inn]
    sums = 2 * digits[0] + 4 * digits[1] + 10 * digits[2] + 3 * digits[3] + 5 * digits[4]
    sums += 9 * digits[5] + 4 * digits[6] + 6 * digits[7] + 8 * digits[8]
    return len(inn) == 10 and sums % 11 % 10 == digits[9]


@given(NUMBERS)
def test_every_inn_passes_its_check_digit(number):
    """Контрольная цифра ИНН верна; со следующей цифрой на её месте — уже нет."""
    made = codes.inn(number)
    assert inn_is_valid(made)
    assert not inn_is_valid(made[:9] + str((int(made[9]) + 1) % 10))


@given(NUMBERS)
def test_every_ogrn_passes_its_check_digit(number):
    """Контрольная цифра ОГРН — младшая цифра остатка от деления на 11."""
    made = codes.ogrn(number)
    assert re.fullmatch(r"1\d{12}", made)
    assert int(made[:12]) % 11 % 10 == int(made[12])


def test_known_codes_pass_the_same_check_as_ours():
    """Проверка в этом тесте узнаёт ИНН из открытых примеров: иначе она ничего не доказывает."""
    assert inn_is_valid("7707083893")
    assert not inn_is_valid("7707083894")


@given(NUMBERS)
def test_login_has_the_form_of_vpr_and_names_the_region(number):
    """Логин ВПР: sch, код региона, номер."""
    login = codes.vpr_login(number)
    assert re.fullmatch(r"sch\d{6,8}", login)
    assert login[3:5] == codes.REGION


@pytest.mark.parametrize(
    ("position", "urban", "oktmo"), [(0, True, "02701000"), (5, False, "02606000"), (19, False, "02620000")]
)
def test_oktmo_has_eight_digits_and_a_prefix_given_to_nobody(position, urban, oktmo):
    """ОКТМО муниципалитета — восемь цифр с первыми двумя, которых нет ни у одного субъекта."""
    assert codes.oktmo(position, urban=urban) == oktmo


def test_ris_code_begins_with_the_code_of_the_municipality():
    """Код ОО в РИС ГИА: первые три цифры — код МСУ."""
    assert codes.ris_code(111, 2) == "111002"
