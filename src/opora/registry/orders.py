"""Files of orders: told by content, kept under their digest, handed out as attachments only."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.conf import settings
from django.http import FileResponse, Http404

from opora.language import _
from opora.lib import kept_files

LARGEST = 10 * 1024 * 1024
BEGINNINGS = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
DOCUMENTS = {"word/document.xml": "docx", "content.xml": "odt"}


class OrderRefused(Exception):
    """A file that cannot be kept as an order: the sentence says why and what is allowed."""


@dataclass(frozen=True)
class OrderFile:
    """A file that may be an order, as it arrived."""

    name: str
    content: bytes


def checked(name: str, content: bytes) -> OrderFile:
    """Take a file whose content is a PDF, a picture or a text document of at most 10 MB.

    Raises: OrderRefused.
    """
    if len(content) > LARGEST:
        raise OrderRefused(_("Файл приказа больше 10 МБ. Сохраните скан с меньшим разрешением"))
    if _kind(content) is None:
        raise OrderRefused(_("Это не файл приказа. Подходят PDF, JPG, PNG, DOCX и ODT"))
    safe = "".join(letter for letter in Path(name).name if letter.isprintable())
    return OrderFile(safe[-200:] or "order", content)


def _kind(content: bytes) -> str | None:
    for beginning, kind in BEGINNINGS.items():
        if content.startswith(beginning):
            return kind
    if not content.startswith(b"PK"):
        return None
    try:
        with ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
    except BadZipFile:
        return None
    return next((kind for part, kind in DOCUMENTS.items() if part in names), None)


def lay_down(file: OrderFile) -> str:
    """Write a file under its digest, whole or not at all; the same content lies there once."""
    return kept_files.lay_down(Path(settings.ORDERS), file.content)


def where(digest: str) -> Path:
    """Answer where the file with a digest lies."""
    return kept_files.where(Path(settings.ORDERS), digest)


def handed_out(digest: str, name: str) -> FileResponse:
    """Answer a kept file, always as an attachment: it is not ours to show in our own frame.

    Raises: Http404 where there is none.
    """
    if not digest or not where(digest).exists():
        raise Http404
    response = FileResponse(
        where(digest).open("rb"), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
