"""A fault as the log keeps it: where it happened, and what it says unless that may be somebody's data."""

import traceback


def told(fault: BaseException | None, *, words: bool) -> str:
    """Write a fault and what led to it, the first cause first; without ``words`` only kinds and places.

    What an exception says may hold a cell of an uploaded file, and so a pupil's name.
    """
    parts: list[str] = []
    while fault is not None and len(parts) < 10:
        said = f": {fault}" if words else ""
        kind = f"{type(fault).__module__}.{type(fault).__qualname__}"
        parts.append(f"{''.join(traceback.format_tb(fault.__traceback__))}{kind}{said}")
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return "\nwhich led to\n".join(reversed(parts))
