"""Reads what waits at the desks, one person's file after another, in the name of who brought it.

Whose turn it is the database says (``opora_next_waiting``): it gives the oldest file that no other worker
holds, and a lock on it that ends with the connection. A worker that is killed in the middle of a file
therefore leaves it to the next one; it counts once, because accepting it and noting that are one transaction.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from time import monotonic

from django.db import InterfaceError, OperationalError, connection
from django.db.models import QuerySet
from django.utils import timezone, translation

from opora.accounts.models import User
from opora.language import _
from opora.lib import full_disk
from opora.lib.faults import told
from opora.registry.access import NotAllowed
from opora.registry.acting import acting_as
from opora.registry.models import Region
from opora.results.access import visible_mappings
from opora.results.actions import accept_files
from opora.results.desk import spool
from opora.results.desk.access import own_desk
from opora.results.desk.actions import (
    begin_reading,
    clean_desks,
    note_not_read,
    note_read,
    wait_again,
)
from opora.results.models import DeskFile
from opora.results.readers import ris_appeals, ris_protocol
from opora.results.readers.limits import MEGABYTE
from opora.results.readers.mapping import Mapping, mapping_of
from opora.results.reading import Context
from opora.results.uploads import Upload

TOGETHER = (ris_protocol.NAME, ris_appeals.NAME)  # appeals change the protocols that come with them
LOCKS = 7003 << 40  # the lock of a file is this and its number
TRIES = 5
OFTEN = 0.5  # seconds between two looks at an empty queue
AFTER_FAULT = 5.0
CLEANED = 600.0
BATCH, BATCH_BYTES = 20, 16 * MEGABYTE  # of what is read at once: each reading writes the store anew

log = logging.getLogger(__name__)
State = DeskFile.State


def work(stop: Event) -> None:
    """Read whatever waits until told to stop; the file that was begun is finished."""
    cleaned = -CLEANED
    while not stop.is_set():
        try:
            if monotonic() - cleaned > CLEANED:
                clean_desks()
                cleaned = monotonic()
            pause = 0.0 if read_next() else OFTEN
        except Exception as fault:  # whatever it is, the others are read
            log.error("the queue is not served for now\n%s", told(fault, words=False))
            connection.close()
            pause = AFTER_FAULT
        stop.wait(pause)
    connection.close()


def read_all() -> int:
    """Read everything that waits now; answer how many files that were."""
    count = 0
    while read := read_next():
        count += read
    return count


def read_next() -> int:
    """Read the file whose turn it is, with some that wait behind it; answer how many. Empty: 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM opora_next_waiting(%s)", [list(TOGETHER)])
        found = cursor.fetchone()
    if not found:
        return 0
    number, person, role = found
    by = User.objects.get(pk=person)
    by.acting_role = role or None  # type: ignore[attr-defined]
    with acting_as(by, by.acting_role), _locked(number, own_desk(by)) as rows:  # type: ignore[attr-defined]
        if rows:
            with translation.override(rows[0].language):
                _read(rows, by)
        return max(len(rows), 1)


@contextmanager
def _locked(number: int, desk: QuerySet[DeskFile]) -> Iterator[list[DeskFile]]:
    """Hold the lock of a file, which is ours already, and of those that are read with it."""
    held = [number]
    try:
        waiting = list(desk.filter(state__in=(State.QUEUED, State.READING)).order_by("pk"))
        first = next((one for one in waiting if one.pk == number), None)
        if first:
            held += [one.pk for one in _behind(first, waiting) if _lock("pg_try_advisory_lock", one.pk)]
        # What another worker has read in the meantime waits no more.
        rows = desk.filter(pk__in=held, state__in=(State.QUEUED, State.READING)).order_by("pk")
        yield list(rows)
    finally:
        for one in held:
            _lock("pg_advisory_unlock", one)


def _behind(first: DeskFile, waiting: Sequence[DeskFile]) -> list[DeskFile]:
    """Choose what is read together with a file: all that appeals may change, else a few small ones.

    What was tried before is read alone: it may be what ended the worker, or spoiled the others' reading.
    """
    others = [one for one in waiting if one.pk != first.pk and one.hints == first.hints]
    related = [one for one in others if one.format in TOGETHER]
    if first.format in TOGETHER:
        return related if ris_appeals.NAME in {first.format, *(one.format for one in related)} else []
    if first.tries:
        return []
    room, chosen = BATCH_BYTES - first.size, list[DeskFile]()
    for one in others:
        if one.format not in TOGETHER and not one.tries and len(chosen) + 1 < BATCH:
            room -= one.size
            if room >= 0:
                chosen.append(one)
    return chosen


def _lock(function: str, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCKS + number])
        return bool(cursor.fetchone()[0])


def _read(rows: Sequence[DeskFile], by: User) -> None:
    """Read files in the name of who brought them, and note what became of them."""
    if lost := [row for row in rows if spool.length(row.key) != row.size]:
        note_not_read(lost, _("Файл ждал больше суток и удалён."), _("Отправьте его снова."))
        rows = [row for row in rows if row not in lost]
    if tired := [row for row in rows if row.tries >= TRIES]:
        what = _("Чтение этого файла обрывалось {tries} раз.").format(tries=TRIES)
        note_not_read(tired, what, _("Скажите администратору: серверу не хватает памяти или места."))
        rows = [row for row in rows if row not in tired]
    if not rows:
        return
    begin_reading(rows)
    try:
        _accept(rows, by)
    except NotAllowed as refusal:
        note_not_read(rows, str(refusal))
    except (OperationalError, InterfaceError):
        raise  # the queue waits for the database
    except Exception as fault:
        if full_disk.is_full(fault):
            wait_again(rows)
            raise OSError(*fault.args) from None
        log.error("a file at the desk was not read\n%s", told(fault, words=False))
        if len(rows) > 1 and not any(row.format in TOGETHER for row in rows):
            return  # each will be read alone
        what = _("Программа споткнулась на этом файле, ничего не изменилось.")
        note_not_read(rows, what, _("Скажите администратору: подробности в журнале сервера."))
    else:
        for row in rows:
            spool.remove(row.key)


def _accept(rows: Sequence[DeskFile], by: User) -> None:
    hints, today = rows[0].hints, timezone.localdate()
    region = Region.objects.filter(pk=hints.get("region") or "").first()
    context = Context(
        name="",
        school=hints.get("school") or "",
        year=hints.get("year"),
        subject=hints.get("subject") or "",
        grade=hints.get("grade"),
        region=region.pk if region else "",
    )
    uploads = [Upload(row.name, row.size, spool.place(row.key)) for row in rows]
    mapping = _mapping(hints.get("saved_mapping"), by)
    accept_files(
        uploads,
        context,
        by,
        today,
        region,
        mapping=mapping,
        along=lambda brought: note_read(rows, brought),
    )


def _mapping(number: int | None, by: User) -> Mapping | None:
    """Answer the mapping that the person chose, if it is open to them still."""
    if number is None:
        return None
    saved = visible_mappings(by, timezone.localdate()).filter(pk=number).first()
    if saved is None:
        raise NotAllowed(_("Соответствие столбцов, по которому читать файл, убрано."))
    return replace(mapping_of(saved.text.encode(), saved.title), title=saved.title)
