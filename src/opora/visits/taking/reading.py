"""Reads what plain forms, the pack and files of exports send into records, not yet looked at."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from opora.language import _
from opora.visits.numbers import MOST_AT_ONCE
from opora.visits.protocol import records as kinds

FORMAT = "opora-visit"
Sent = dict[str, Any]


class FileRefused(ValueError):
    """A file that is no export of a pack: the sentence says why and what to do."""


@dataclass(frozen=True)
class Export:
    """What a pack has saved to a file: the number of its visit, records as they stood, photos by digest."""

    visit: int
    records: tuple[Any, ...]
    photos: Mapping[str, bytes] = field(default_factory=dict)


def sent_by_form(visit: int, posted: Mapping[str, str], photo: bytes | None) -> Sent:
    """Read a record from what a plain form sends; a correction, where it names what it replaces."""
    kind, payload = posted.get("kind", ""), payload_of(posted, photo)
    replaces = posted.get("replaces", "")
    if replaces:
        is_gone = bool(posted.get("withdraw"))
        said = {"kind": "" if is_gone else kind, "payload": {} if is_gone else payload}
        kind, payload = kinds.CORRECTION, {"replaces": replaces, **said}
    return {
        "uuid": posted.get("uuid", ""),
        "visit": visit,
        "kind": kind,
        "payload": payload,
        "device": kinds.PAGE,
        "told_at": posted.get("told_at", ""),
    }


def payload_of(posted: Mapping[str, str], photo: bytes | None) -> Sent:
    """Read what a record says from the fields of its form."""
    told = {name: posted.get(name, "").replace("\r\n", "\n").strip() for name in posted}
    kind = told.get("kind", "")
    fields = kinds.RULES.get(kind, {})
    payload: Sent = {name: told.get(name, "") for name in fields}
    if kind == kinds.OBSERVATION:
        marked = {
            name.removeprefix("level_"): said for name, said in told.items() if name.startswith("level_")
        }
        payload["levels"] = {
            row: int(said) for row, said in marked.items() if said.isascii() and said.isdigit()
        }
    if kind == kinds.PHOTOGRAPH:
        payload["children"] = bool(told.get("children"))
        payload["consent"] = payload["consent"] if payload["children"] else ""
        if photo is not None:
            payload["photo"] = hashlib.sha256(photo).hexdigest()
    return payload


def sent_as_json(body: bytes) -> list[Any] | None:
    """Read records from JSON. Empty: None, where it is none or too many at once."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    records = told.get("records") if isinstance(told, dict) else None
    return records if isinstance(records, list) and len(records) <= MOST_AT_ONCE else None


def read_export(content: bytes) -> Export:
    """Read a file that a pack has saved.

    Raises: FileRefused.
    """
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise FileRefused(_("Это не файл визита: он повреждён или выбран другой файл.")) from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise FileRefused(_("Это не файл визита. Нужен файл, который сохранил пакет: «визит-…json»."))
    visit, records, photos = told.get("visit"), told.get("records"), told.get("photos")
    if type(visit) is not int or not isinstance(records, list) or not isinstance(photos, dict):
        raise FileRefused(_("Файл визита прочитать нельзя: в нём не те части. Сохраните его ещё раз."))
    try:
        read = {str(name): base64.b64decode(text, validate=True) for name, text in photos.items()}
    except (binascii.Error, TypeError, ValueError):
        raise FileRefused(_("Фотографии в файле повреждены. Сохраните его ещё раз.")) from None
    return Export(visit, tuple(records), read)
