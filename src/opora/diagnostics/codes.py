"""Answer codes on paper: derived from the program's key, so that a sheet of codes can be printed again.

The database keeps digests under the same key: whoever reads the tables alone can neither write a code nor try
codes out.
"""

import hashlib

from django.utils.crypto import salted_hmac

from opora.people.secrets import ALPHABET, LENGTH, Mistyped, check_sign, grouped, written

__all__ = ["Mistyped", "code_of", "digest_of_code", "digest_of_receipt"]

KEPT = 32  # characters of a digest
BYTES = 16


def code_of(token: str, number: int) -> str:
    """Answer the code with a number of a link: «4K7A-PX29-HTC3»."""
    drawn = salted_hmac("opora.diagnostics.code", f"{token}:{number}", algorithm="sha256").digest()
    left, signs = int.from_bytes(drawn[:BYTES], "big"), ""
    for _place in range(LENGTH - 1):
        left, sign = divmod(left, len(ALPHABET))
        signs += ALPHABET[sign]
    return grouped(signs + check_sign(signs))


def digest_of_code(token: str, typed: str) -> str:
    """Answer what is kept of a code, however it was typed.

    Raises: Mistyped.
    """
    return _keyed("opora.diagnostics.answer", f"{token}:{written(typed)}")


def _keyed(purpose: str, secret: str) -> str:
    return salted_hmac(purpose, secret, algorithm="sha256").hexdigest()[:KEPT]


def digest_of_receipt(receipt: str) -> str:
    """Answer what is kept of the name by which a device calls its sheet: it is long and drawn by chance."""
    return hashlib.sha256(receipt.encode()).hexdigest()[:KEPT]
