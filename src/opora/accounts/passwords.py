"""Passwords: how they are hashed, and which are too common to be one."""

import re
from functools import cache

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё"
TO_LATIN = str.maketrans(RUSSIAN, LATIN)
# What Russian people type most where a foreign list knows nothing of it, in Russian letters and as heard.
TYPED = """
пароль привет любовь солнышко солнце россия москва школа учитель директор ученик класс опора
наташа марина ирина светлана татьяна елена ольга екатерина анастасия александр максим сергей
андрей дмитрий администратор администрация секрет завуч куратор координатор министерство
образование parol privet lubov ljubov lyubov solnyshko solnce rossiya rossija moskva shkola
uchitel direktor uchenik opora natasha marina svetlana tatyana sekret zavuch kurator
koordinator obrazovanie
"""
WORDS = frozenset(TYPED.split())
FEWEST = 5  # different characters in a password


class Argon2(Argon2PasswordHasher):
    """Argon2id with parameters of our own; a password hashed by others is hashed anew at the next sign-in.

    The floor that OWASP gives (2 passes over 19 MiB in one lane): more would not leave two cores room for
    twenty sign-ins a second (ADR 12 has what was measured).
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class CommonPassword:
    """Refuses a password that is common: as it stands, on the other keyboard, repeated, with digits."""

    def validate(self, password: str, user: object = None) -> None:
        """Say why a password is too common.

        Raises: ValidationError.
        """
        if is_common(password):
            raise ValidationError(
                _("Такой пароль перебирают одним из первых: он из частых слов, повторов или рядов клавиш."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        """Say what is allowed."""
        return _("Пароль — не меньше 12 знаков; лучше всего несколько слов, которые знаете только вы.")


@cache
def known() -> frozenset[str]:
    """Read the twenty thousand passwords that people use most, and our words, as they lie on a keyboard."""
    listed = CommonPasswordValidator().passwords
    return frozenset(word.translate(TO_LATIN) for word in (*listed, *WORDS))


def is_common(password: str) -> bool:
    """Tell whether a password is a common one, or made from one the way people make them."""
    typed = password.lower().strip().translate(TO_LATIN)
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", typed)
    return (
        typed in known()
        or bare in known()
        or len(set(typed)) < FEWEST
        or is_repeated(typed)
        or is_run(bare or typed)
        or is_run(typed)
    )


def is_repeated(text: str) -> bool:
    """Tell whether a text is a shorter one said several times: «parolparol»."""
    return text in (text + text)[1:-1]


def is_run(text: str) -> bool:
    """Tell whether a text follows the keys or the digits in a row, however far."""
    rows = ("1234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,.", "abcdefghijklmnopqrstuvwxyz")
    straight = sum(
        any(pair in row or pair[::-1] in row for row in rows)
        for pair in (text[place : place + 2] for place in range(len(text) - 1))
    )
    return len(text) > 1 and straight >= 0.8 * (len(text) - 1)
