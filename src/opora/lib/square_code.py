"""Draws an address as a square that a phone's camera reads (QR-код)."""

import segno


def on_page(address: str) -> str:
    """Draw it as SVG for a page; its colour is the page's."""
    made = segno.make(address, error="m", micro=False)
    return str(made.svg_inline(scale=5, border=2, omitsize=False, svgclass="o-qr", lineclass=None))


def on_paper(address: str) -> str:
    """Draw it as SVG for paper: black on white, with the margin that cameras want."""
    made = segno.make(address, error="m", micro=False)
    return str(made.svg_inline(scale=4, border=4, dark="#000", light="#fff"))
