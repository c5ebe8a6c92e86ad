"""The secrets of invitations: a long one for a link, a short one for paper that survives a human hand."""

import secrets
from contextlib import suppress
from urllib.parse import unquote

from django.utils.crypto import salted_hmac

from opora.language import _

# What is not mistaken for another sign, and looks alike in both alphabets, whichever the keyboard types.
ALPHABET = "23456789ACEHKMPTX"
TYPED = str.maketrans("АСЕНКМРТХ", "ACEHKMPTX")
LENGTH, GROUP = 12, 4  # the last sign checks the others


class Mistyped(Exception):
    """A code that no hand of ours wrote: its length, a sign, or its check sign is wrong."""


def new_token() -> str:
    """Answer a new secret for a link."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """Answer a new secret for paper: «4K7A-PX29-HTC3»."""
    signs = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH - 1))
    return grouped(signs + check_sign(signs))


def grouped(signs: str) -> str:
    """Write a code in groups."""
    return "-".join(signs[place : place + GROUP] for place in range(0, len(signs), GROUP))


def check_sign(signs: str) -> str:
    """Answer the sign that shows one wrong sign, or two that changed places.

    The number of signs is prime, so a weighted sum modulo it changes with any one of them.
    """
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 1))
    return ALPHABET[total % len(ALPHABET)]


def written(typed: str) -> str:
    """Answer a code in its one written form, however it was typed.

    Raises: Mistyped.
    """
    signs = "".join(sign for sign in typed.upper().translate(TYPED) if sign.isalnum())
    if len(signs) != LENGTH or set(signs) - set(ALPHABET) or check_sign(signs[:-1]) != signs[-1]:
        raise Mistyped(_("В коде опечатка: сверьте его с листом. В нём 12 знаков, цифры и заглавные буквы"))
    return grouped(signs)


def hashed(secret: str) -> str:
    """Answer what is kept of a secret; a code in any spelling has one hash.

    The hash is keyed: whoever reads the table alone cannot try out short codes against it.
    """
    with suppress(Mistyped):
        secret = written(unquote(secret))
    return salted_hmac("opora.people.invitation", secret, algorithm="sha256").hexdigest()
