"""Which passwords are taken, and how they are kept."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from opora.accounts.actions import set_password
from opora.accounts.models import User
from opora.accounts.passwords import LATIN, RUSSIAN, Argon2, is_common
from tests.accounts.conftest import deeds

ANNA = User(email="probnaya.anna@example.org", full_name="Анна Пробная")


@pytest.mark.parametrize(
    "password",
    [
        "короткий",
        "elevenchars",
        "qwertyuiop[]",
        "йцукенгшщзхъ",
        "1q2w3e4r5t6y",
        "123456789012",
        "987654321098",
        "aaaaaaaaaaaa",
        "abababababab",
        "parolparolparol",
        "Пароль2024!!",
        "gfhjkm123456",
        "Наташа-1985!",
        "!!!password!!!",
        "солнышко2020",
        "asdfghjkl;'1",
        "probnaya.anna1",
        "Анна Пробная",
    ],
)
def test_what_is_guessed_first_is_refused(password):
    """Короткое, частое, частое на другой раскладке, ряд клавиш, повтор, своё имя."""
    with pytest.raises(ValidationError):
        validate_password(password, ANNA)


@pytest.mark.parametrize(
    "password",
    [
        "восемь-слов-пароля",
        "кот пьёт чай с вареньем",
        "correct horse battery",
        "x7#kQ2!vLp9@",
        "Лодка93ждётвеснуу",
    ],
)
def test_long_passwords_of_ones_own_are_taken(password):
    validate_password(password, ANNA)


def test_the_two_keyboards_are_the_same_keys():
    assert len(LATIN) == len(RUSSIAN) == 33
    assert len(set(LATIN)) == 33


@given(st.text(min_size=1, max_size=20), st.integers(min_value=2, max_value=4))
def test_a_repetition_is_common_whatever_is_repeated(text, times):
    """Повтор чего угодно — не пароль."""
    part = text.lower().strip()
    if part and len(part * times) > 1:
        assert is_common(part * times)


def test_passwords_are_kept_by_argon2_at_least_as_costly_as_the_floor():
    kept = make_password("восемь-слов-пароля")
    algorithm, variety, _version, cost, *_rest = kept.split("$")
    assert (algorithm, variety) == ("argon2", "argon2id")
    told = dict(part.split("=") for part in cost.split(","))
    assert int(told["m"]) >= 19 * 1024
    assert int(told["t"]) >= 2
    assert identify_hasher(kept).__class__ is Argon2


def test_a_password_is_hashed_anew_when_the_parameters_change(client, anna, sign_in, monkeypatch):
    before = anna.password
    monkeypatch.setattr(Argon2, "memory_cost", 20 * 1024)
    sign_in(client)
    anna.refresh_from_db()
    assert "m=20480" in anna.password
    assert anna.password != before


def test_setting_a_password_asks_the_same_of_everybody(anna):
    with pytest.raises(ValidationError):
        set_password(anna, "пароль")
    set_password(anna, "кот пьёт чай с вареньем")
    anna.refresh_from_db()
    assert anna.check_password("кот пьёт чай с вареньем")
    assert len(deeds("password_changed")) == 1


def test_a_form_says_what_is_wrong_with_a_password(client, anna, sign_in):
    sign_in(client)
    told = {"oldpassword": "не тот", "password1": "йцукенгшщзхъ", "password2": "йцукенгшщзхъ"}
    page = client.post("/security/password/", told).content.decode()
    assert "Это не ваш нынешний пароль" in page
    assert "перебирают одним из первых" in page
