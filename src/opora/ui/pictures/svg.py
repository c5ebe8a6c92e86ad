"""Writes the few elements of SVG and HTML that pictures are made of, escaped."""

from collections.abc import Iterable
from hashlib import sha256

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from opora.ui.numbers import Number


def element(tag: str, *children: object, **attributes: object) -> SafeString:
    """Write one element; ``class_`` becomes ``class``; an attribute that is None is left out."""
    named = "".join(
        f' {_attribute(name)}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return mark_safe(f"<{tag}{named}>{joined(children)}</{tag}>")  # noqa: S308  escaped piece by piece


def joined(children: Iterable[object]) -> SafeString:
    """Join pieces of markup, escaping what is plain text."""
    pieces = (
        child if isinstance(child, SafeString) else str(child) for child in children if child is not None
    )
    return mark_safe("".join(conditional_escape(piece) for piece in pieces))  # noqa: S308


def along(position: Number, maximum: Number = 1) -> str:
    """Place a value on an axis from 0 to ``maximum`` as a percent of the width, kept inside the picture."""
    placed = max(0.0, min(1.0, float(position) / float(maximum))) * 100
    return f"{placed:.2f}".rstrip("0").rstrip(".") + "%"


def name_of(*parts: object) -> str:
    """Make an id that is the same for the same picture and different for different ones on a page."""
    return "p" + sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def _attribute(name: str) -> str:
    if name == "view_box":
        return "viewBox"
    return name.rstrip("_").replace("_", "-")
