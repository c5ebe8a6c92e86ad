"""Deeds at the import desk: files are announced, their pieces taken, what waits is read; all its writes."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from opora.accounts.models import User
from opora.language import _
from opora.registry.access import NotAllowed, has_deed
from opora.results.desk import spool
from opora.results.desk.access import own_desk, shown_since
from opora.results.desk.recognising import recognised
from opora.results.models import DeskFile, ImportedFile
from opora.results.readers.limits import MEGABYTE, TEXT_BYTES
from opora.results.reading import Problem
from opora.results.uploads import Brought

MOST_WAITING = 2000  # files of one person that are on their way, queued or being read
FORGOTTEN = timedelta(days=2)
MOST_PAIRS = 100  # contradictions that a report shows

State = DeskFile.State
UNREAD = (State.SENDING, State.QUEUED, State.READING)


@dataclass(frozen=True)
class Announced:
    """A file that a browser is about to send; the three together tell it from others."""

    name: str
    size: int
    modified: int

    @property
    def same(self) -> tuple[str, int, int]:
        return self.name, self.size, self.modified


class DeskFull(Exception):
    """The desk takes no more files now: the message says why and what to do."""


def announce_files(
    announced: Sequence[Announced], hints: dict[str, Any], by: User, language: str
) -> list[DeskFile]:
    """Put files on somebody's desk before their bytes come; what broke off is found again where it stopped.

    A file that waits, or counts already, is answered as it stands and need not be sent.

    Raises: NotAllowed; DeskFull.
    """
    if not has_deed(by, "import_results", timezone.localdate()):
        raise NotAllowed(_("Загружать результаты может координатор"))
    there = _there(by)
    new = [one for one in dict.fromkeys(announced) if one.same not in there]
    _refuse_too_many(new, by)
    role = getattr(by, "acting_role", None) or ""
    made = [_row(one, hints, by, role, language) for one in new]
    for row in made:
        if row.state == State.SENDING:
            spool.begin(row.key)
    DeskFile.objects.bulk_create(made, ignore_conflicts=True)
    at_hand = {_same(row): row for row in own_desk(by).filter(key__in=[row.key for row in made])}
    at_hand |= _there(by)  # another window of the same person may have been quicker
    return [at_hand[one.same] for one in announced]


def _same(row: DeskFile) -> tuple[str, int, int]:
    return row.name, row.size, row.modified


def _there(by: User) -> dict[tuple[str, int, int], DeskFile]:
    """Answer the files of a desk that need not begin anew; one whose bytes are gone begins at nothing."""
    lately = Q(touched_at__gte=shown_since())
    waiting = Q(state__in=(State.QUEUED, State.READING))
    counted = Q(state=State.READ, file__state__in=(ImportedFile.State.ACCEPTED, ImportedFile.State.REPEATED))
    rows = own_desk(by).filter(Q(state=State.SENDING) | lately & (waiting | counted)).order_by("pk")
    found = {}
    for row in rows:
        length = row.size if row.state == State.READ else spool.length(row.key)
        if row.state == State.SENDING:
            if length is None:
                spool.begin(row.key)
            row.received = length or 0
        if length is not None or row.state == State.SENDING:
            found[_same(row)] = row
    return found


def _refuse_too_many(new: Sequence[Announced], by: User) -> None:
    waiting = own_desk(by).filter(state__in=UNREAD, touched_at__gte=shown_since()).count()
    if waiting + len(new) > MOST_WAITING:
        raise DeskFull(
            _("На столе может ждать не больше {count} файлов: дождитесь, пока прочитаются эти.").format(
                count=MOST_WAITING
            )
        )
    if not spool.has_room(sum(one.size for one in new if one.size <= TEXT_BYTES)):
        raise DeskFull(
            _("На диске сервера мало места для этих файлов: отправьте часть или скажите администратору.")
        )


def _row(one: Announced, hints: dict[str, Any], by: User, role: str, language: str) -> DeskFile:
    row = DeskFile(
        by=by,
        key=secrets.token_hex(16),
        name=one.name,
        size=one.size,
        modified=one.modified,
        hints=hints,
        role=role,
        language=language,
    )
    if not one.size:
        _refuse(row, Problem("", "", _("Файл пуст."), _("Проверьте, тот ли файл выбран.")))
    elif one.size > TEXT_BYTES:
        what = _("Файл больше {most} МБ.").format(most=TEXT_BYTES // MEGABYTE)
        _refuse(row, Problem("", "", what, _("Разделите файл на несколько.")))
    return row


def _refuse(row: DeskFile, problem: Problem, state: str = State.UNKNOWN) -> None:
    row.state, row.problem = state, {"what": problem.what, "allowed": problem.allowed}


def take_piece(key: str, offset: int, read: Callable[[int], bytes], by: User) -> DeskFile:
    """Add a piece to a file; when it was the last, say what the file is and let it wait for its turn.

    Raises: DeskFile.DoesNotExist; spool.WrongOffset; spool.PieceTooLarge; FileNotFoundError.
    """
    with transaction.atomic():
        row = own_desk(by).select_for_update().get(key=key)
        if row.state != State.SENDING:
            raise spool.WrongOffset(row.size)
        row.received = spool.append(key, offset, row.size, read)
        row.touched_at = timezone.now()
        if is_whole := row.received == row.size:
            _recognise(row)
        row.save(update_fields=["received", "touched_at", "state", "format", "problem"])
    if is_whole and row.state != State.QUEUED:
        spool.remove(key)
    return row


def _recognise(row: DeskFile) -> None:
    found = recognised(spool.place(row.key), row.name, mapped=bool(row.hints.get("saved_mapping")))
    if isinstance(found, Problem):
        _refuse(row, found)
    else:
        row.state, row.format = State.QUEUED, found


def clear_from_desk(row: DeskFile) -> None:
    """Take a file from the desk that was not read: its bytes and its row are gone."""
    with transaction.atomic():
        found = DeskFile.objects.select_for_update().filter(pk=row.pk).exclude(state=State.READING)
        for one in found:
            one.delete()
            transaction.on_commit(lambda key=one.key: spool.remove(key))  # type: ignore[misc]


def begin_reading(rows: Iterable[DeskFile]) -> None:
    """Note that files are being read from now on, and how often that was tried."""
    for row in rows:
        row.state, row.tries, row.touched_at = State.READING, row.tries + 1, timezone.now()
        row.save(update_fields=["state", "tries", "touched_at"])


def note_read(rows: Sequence[DeskFile], brought: Sequence[Brought]) -> None:
    """Note what became of files: called in the transaction that accepts them."""
    for row, one in zip(rows, brought, strict=True):
        differing = [pair for pair in one.pairs if pair.differs]
        same = len(one.pairs) - len(differing)
        row.beside = [same, len(differing), [asdict(pair) for pair in differing[:MOST_PAIRS]]]
        row.file, row.state, row.touched_at = one.file, State.READ, timezone.now()
        row.save(update_fields=["beside", "file", "state", "touched_at"])


def note_not_read(rows: Iterable[DeskFile], what: str, allowed: str = "") -> None:
    """Note that files could not be read, and why; their bytes are gone."""
    for row in rows:
        _refuse(row, Problem("", "", what, allowed), State.FAILED)
        row.touched_at = timezone.now()
        row.save(update_fields=["state", "problem", "touched_at"])
        spool.remove(row.key)


def wait_again(rows: Iterable[DeskFile]) -> None:
    """Let files wait for another try that they are not blamed for."""
    for row in rows:
        row.state, row.tries = State.QUEUED, max(row.tries - 1, 0)
        row.save(update_fields=["state", "tries"])


def clean_desks() -> tuple[int, int]:
    """Delete files that waited for a day and forget rows of two; answer how many of each."""
    gone = spool.clean()
    with connection.cursor() as cursor:
        cursor.execute("SELECT opora_forget_desks(%s)", [timezone.now() - FORGOTTEN])
        return len(gone), int(cursor.fetchone()[0])
