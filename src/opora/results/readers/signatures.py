"""Tells what a file really is when it is not a table: by its first bytes, never by its name."""

from opora.language import _
from opora.results.readers.refusal import FileRefused, refused

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_ZIP = b"PK\x05\x06"


def refuse_disguised(data: bytes) -> None:
    """Refuse the usual files that get a table's name by mistake.

    Raises: FileRefused naming what it is.
    """
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf"):
        raise not_a_table(_("документ PDF"))
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm", b"ii*\x00", b"mm\x00*")) and (
        not start.startswith(b"bm") or b"\x00" in data[:32]
    ):
        raise not_a_table(_("картинка"))
    if start.startswith((b"rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"bzh", EMPTY_ZIP.lower())):
        raise not_a_table(_("архив"))
    if start.startswith(b"{\\rtf"):
        raise not_a_table(_("документ RTF"))
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta")):
        raise not_a_table(_("веб-страница"))
    if start.startswith((b"<?xml", b"<workbook")):
        raise not_a_table(_("файл XML"))


def refuse_other_archive(names: frozenset[str]) -> None:
    """Refuse a zip archive that is not an xlsx workbook.

    Raises: FileRefused naming what it is.
    """
    if "xl/workbook.bin" in names:
        raise not_a_table(_("двоичная книга Excel (xlsb)"))
    if "xl/workbook.xml" in names:
        return
    if any(name.startswith("word/") for name in names):
        raise not_a_table(_("документ Word"))
    if any(name.startswith("ppt/") for name in names):
        raise not_a_table(_("презентация"))
    if "content.xml" in names:
        raise not_a_table(_("документ OpenDocument"))
    if "[content_types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise not_a_table(_("архив"))


def not_a_table(kind: str) -> FileRefused:
    """The sentence for a file of another kind."""
    what = _("Это не таблица, а {kind}.")
    return refused(
        what.format(kind=kind),
        _("Откройте файл и сохраните таблицу как xlsx, xls или CSV, затем загрузите её."),
    )
