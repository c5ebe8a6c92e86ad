"""The square code (QR) that a telephone reads: drawn as one path, without styles or files."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

EDGE = 4  # empty cells around, as the standard asks


def square_code(text: str) -> SafeString:
    """Draw a text as a square code."""
    code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    size = len(rows) + 2 * EDGE
    path = "".join(
        f"M{column + EDGE} {row + EDGE}h1v1h-1z"
        for row, cells in enumerate(rows)
        for column, dark in enumerate(cells)
        if dark
    )
    return format_html(
        '<svg class="o-square-code" role="img" viewBox="0 0 {size} {size}" width="220" height="220">'
        '<title>{title}</title><rect width="{size}" height="{size}" fill="#fff"/>'
        '<path d="{path}" fill="#000"/></svg>',
        size=size,
        path=path,
        title=_("Код для приложения на телефоне"),
    )
