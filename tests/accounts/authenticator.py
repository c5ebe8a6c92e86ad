"""A telephone that makes one-time codes, written from RFC 6238 and not from the program."""

import base64
import hmac
import struct
import time


def code(secret: str, moment: float | None = None) -> str:
    """Answer the six digits that a telephone with this secret shows."""
    step = int((time.time() if moment is None else moment) // 30)
    digest = hmac.digest(base64.b32decode(secret.replace(" ", "")), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
