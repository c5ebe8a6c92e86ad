"""The one deed on the trace: to add to it, in the transaction of the deed that is recorded."""

from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from opora.audit.anchor_file import append_quietly
from opora.audit.behalf import in_whose_name
from opora.audit.links import exact, linked
from opora.audit.models import Event
from opora.audit.words import known


class NotInTransaction(Exception):
    """A deed was about to be recorded apart from itself."""


def record(  # noqa: PLR0913 (who, in what role, did what, to what, where)
    deed: str,
    by: Any,
    target: Model | None = None,
    *,
    region: str | None = None,
    municipality: int | None = None,
    school: int | None = None,
    role: str = "",
    **details: Any,
) -> Event:
    """Add an event to the chain of its region, or of the country where there is none.

    deed: ``room.verb_object``, a word that the room registered with its sentence.
    by: the person; None when nobody is signed in or the program itself acts.
    details: what the sentence names: text, whole numbers, yes and no, days, lists and dicts of them.

    Whoever records next in this territory waits until our transaction ends. The first event of a day leaves
    anchors of all chains with news, in the database at once and in their file when the deed has happened.

    Raises: NotInTransaction; UnknownDeed; TypeError, when a detail cannot be kept exactly.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(deed)
    known(deed)
    territory = region or ""
    role, behalf = in_whose_name(by, role, (region, municipality, school))
    if behalf is not None:
        details["behalf"] = behalf  # the person stood in for
    event = Event(
        chain_id=territory,
        by=by,
        role=role,
        deed=deed,
        target=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        municipality=municipality,
        school=school,
        details=exact(details),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_next(%s, %s)", [territory, timezone.localdate()])
        number, event.previous, has_anchors = cursor.fetchone()
    event.number, event.at = number + 1, timezone.now()
    event.hash = linked(event.previous, content(event))
    event.save(force_insert=True)
    if has_anchors:
        transaction.on_commit(append_quietly)
    return event


def make_anchors() -> int:
    """Anchor every chain with news since its last anchor, and answer how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT audit_anchor_day(%s, true)", [timezone.localdate()])
        return int(cursor.fetchone()[0])


def content(event: Event) -> dict[str, Any]:
    """Answer what the hash of an event holds besides the link before it: all of it."""
    return {
        "chain": event.chain_id,
        "number": event.number,
        "at": event.at,
        "by": event.by_id,
        "role": event.role,
        "deed": event.deed,
        "target": event.target,
        "target_id": event.target_id,
        "municipality": event.municipality,
        "school": event.school,
        "details": event.details,
    }
