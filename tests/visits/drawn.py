"""Records as tests draw them: short names instead of identifiers, minutes instead of moments."""

from uuid import UUID, uuid5

from opora.visits.protocol.records import Record

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
PHOTO = "a" * 64
PAYLOADS = {
    "met": {"who": "director", "note": ""},
    "answer": {"question": "equipment_lacks", "says": "partly", "note": "в двух кабинетах"},
    "observation": {"sheet": "lesson", "about": "математика, 6 класс", "levels": {"aim": 3}, "note": ""},
    "agreement": {"what": "купить наборы для опытов", "who": "директор", "due": "2026-12-01"},
    "agreement_kept": {"agreement": "", "note": "куплены"},
    "note": {"text": "чисто и тепло"},
    "photo": {"photo": PHOTO, "caption": "кабинет физики", "children": False, "consent": ""},
}


def name(short):
    return str(uuid5(SPACE, short))


def record(short, kind="note", minute=0, *, visit=7, device="dev-a", **changed):
    """Draw a record by a short name; what is changed goes into its payload."""
    payload = PAYLOADS[kind] | changed
    return Record(name(short), visit, kind, payload, device, f"2026-11-28T10:{minute:02d}:00.000Z")


def correction(short, replaces, minute=0, kind="note", *, visit=7, device="dev-a", **changed):
    """Draw a correction; ``kind`` "" takes the record away."""
    payload = {"replaces": name(replaces), "kind": kind, "payload": PAYLOADS[kind] | changed if kind else {}}
    return Record(name(short), visit, "correction", payload, device, f"2026-11-28T10:{minute:02d}:00.000Z")
