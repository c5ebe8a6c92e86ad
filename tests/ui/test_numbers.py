"""Numbers, shares, words and days are written as the reader of the page's language expects them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora.ui import numbers

SPACE, THIN = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("value", "digits", "russian", "english"),
    [
        (0, 0, "0", "0"),
        (1042, 0, f"1{THIN}042", "1,042"),
        (46_000_000, 0, f"46{THIN}000{THIN}000", "46,000,000"),
        (8.44, 1, "8,4", "8.4"),
        (-1.5, 1, "−1,5", "−1.5"),
        (Decimal("1234.5"), 1, f"1{THIN}234,5", "1,234.5"),
    ],
)
def test_a_number_has_thin_spaces_and_a_decimal_comma_in_russian(value, digits, russian, english, said_in):
    with said_in("ru"):
        assert numbers.number(value, digits) == russian
    with said_in("en"):
        assert numbers.number(value, digits) == english


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (0.125, 2, "0,13"), (1.005, 2, "1,01"), (-0.5, 0, "−1")],
)
def test_numbers_are_rounded_half_up_as_official_rules_do(value, digits, written, said_in):
    """Половина округляется вверх: 2,5 — это 3, а не 2."""
    with said_in("ru"):
        assert numbers.number(value, digits) == written


def test_a_share_is_written_as_a_percent(said_in):
    with said_in("ru"):
        assert numbers.share(0.084, 1) == f"8,4{SPACE}%"
        assert numbers.percent(40) == f"40{SPACE}%"
    with said_in("en"):
        assert numbers.share(0.084, 1) == "8.4%"


def test_a_share_stands_beside_its_count(said_in):
    """Доля пишется с количеством рядом: «40 %, 8 из 20» — и не рвётся на две строки."""
    with said_in("ru"):
        assert numbers.share_as_percent(8, 20) == "40 %, 8 из 20".replace(" ", SPACE)
    with said_in("en"):
        assert numbers.share_as_percent(8, 20) == "40%, 8 of 20".replace(" ", SPACE)


def test_nobody_took_part_so_there_is_no_share(said_in):
    with said_in("ru"):
        assert numbers.share_as_percent(0, 0) == "0 из 0"


@pytest.mark.parametrize(
    ("low", "takers", "written"),
    [(3, 10, "30 %"), (31, 103, "30,1 %"), (3001, 10000, "30,01 %"), (299, 1000, "29,9 %"), (8, 20, "40 %")],
)
def test_a_share_near_the_threshold_shows_its_side(low, takers, written, said_in):
    """31 из 103 выше порога 30 %: «30 %» рядом с «порог 30 %» выглядело бы ошибкой."""
    with said_in("ru"):
        assert numbers.share_beside(Fraction(low, takers), 0.3) == written.replace(" ", SPACE)


@given(takers=st.integers(1, 5000), data=st.data())
def test_the_written_share_never_lies_about_its_side(takers, data):
    """Записанная доля всегда по ту же сторону порога, что и настоящая (с точностью до трёх знаков)."""
    low = data.draw(st.integers(0, takers))
    written = numbers.share_beside(Fraction(low, takers), 0.3).rstrip(f"{SPACE}%").replace(",", ".")
    shown, truth = Decimal(written), Fraction(low, takers) * 100
    assert (shown > 30) == (truth > 30) or abs(truth - 30) < Fraction(1, 1000)
    assert abs(Fraction(shown) - truth) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("value", "written"),
    [(1.0, "больше 99 %"), (0.997, "больше 99 %"), (0.97, "97 %"), (0.5, "50 %"), (0.001, "меньше 1 %")],
)
def test_nothing_uncertain_is_called_certain(value, written, said_in):
    """Вероятность 99,7 % не пишется как «100 %»."""
    with said_in("ru"):
        assert numbers.chance(value).replace(SPACE, " ") == written


def test_an_interval_names_its_ends_once(said_in):
    with said_in("ru"):
        assert numbers.interval(0.22, 0.61) == f"22–61{SPACE}%"


@pytest.mark.parametrize(
    ("count", "word"),
    [
        (0, "школ"),
        (1, "школа"),
        (2, "школы"),
        (4, "школы"),
        (5, "школ"),
        (11, "школ"),
        (14, "школ"),
        (21, "школа"),
        (22, "школы"),
        (111, "школ"),
        (1041, "школа"),
    ],
)
def test_russian_plural_forms_are_right(count, word, said_in):
    with said_in("ru"):
        assert numbers.plural(count, "школа,школы,школ") == word


def test_english_has_two_forms_for_the_three(said_in):
    with said_in("en"):
        assert numbers.counted(1, "ученик,ученика,учеников") == f"1{SPACE}pupil"
        assert numbers.counted(1042, "ученик,ученика,учеников") == f"1,042{SPACE}pupils"


def test_a_day_is_written_in_words(said_in):
    with said_in("ru"):
        assert numbers.day(date(2026, 3, 3)) == f"3{SPACE}марта 2026"
        assert numbers.day(date(2026, 5, 15), year=False) == f"15{SPACE}мая"
    with said_in("en"):
        assert numbers.day(date(2026, 3, 3)) == f"3{SPACE}March 2026"


def test_a_moment_is_told_in_the_clock_of_the_settings(settings, said_in):
    settings.TIME_ZONE = "Europe/Moscow"
    with said_in("ru"):
        assert numbers.moment(datetime(2026, 3, 2, 22, 5, tzinfo=UTC)) == f"3{SPACE}марта 2026, 01:05"
