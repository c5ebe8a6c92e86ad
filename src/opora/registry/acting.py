"""In whose name the database is asked: a request and a job act as somebody, and see what that person may see.

``acting_as`` lets ``opora_enter`` derive the person's scope from the appointments in force and switches the
connection to the role ``opora_app``, whose policies (``wall.py``) read it, or to ``opora_country`` where the
whole country is open. To nobody, nothing is. Whoever logs in as the owner and does not act (commands,
migrations, fixtures) is not bound.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from opora.accounts.models import User
from opora.registry.access import remember

ENTER = """SELECT set_config('role', opora_role(), false), told
           FROM (SELECT opora_enter(%s, %s) AS told OFFSET 0) AS entered"""  # first the scope, then its role
LEAVE = "SELECT set_config('role', 'none', false), opora_enter(%s, %s)"


@dataclass(frozen=True)
class Acting:
    """Who acts on a connection, and in which of their roles; None is nobody, or all roles at once."""

    person: int | None
    role: str | None


@contextmanager
def acting_as(person: User | AnonymousUser | None, role: str | None = None) -> Iterator[None]:
    """Ask the database in a person's name while the block lasts (действовать от имени).

    Blocks nest; each puts back what was before it, also after an error.
    """
    somebody = person if isinstance(person, User) else None
    before = getattr(connection, "acting", None)
    acting = Acting(somebody.pk if somebody else None, role)
    if somebody:
        connection.ensure_connection()
    if connection.connection is not None:
        told = _say(acting)
        if somebody:
            remember(person, timezone.localdate(), told)  # type: ignore[arg-type]  # a lazy user, too
    connection.acting = acting  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.acting = before  # type: ignore[attr-defined]
        _put_back(before)


def nobody_acts() -> bool:
    """Say whether what is asked now is asked in nobody's name; a command, which is not bound, is not."""
    acting: Acting | None = getattr(connection, "acting", None)
    return acting is not None and acting.person is None


def holds_whole(region: str | None) -> bool:
    """Ask the database whether who acts holds a whole region, or the country: for what is kept in memory.

    The second wall ends at the database; what was read from it once and is shown to others asks here.
    """
    text = """SELECT current_setting('role') = 'none' OR opora_country()
              OR coalesce(%s = ANY (opora_regions()), false)"""
    with connection.cursor() as cursor:
        cursor.execute(text, [region])
        return bool(cursor.fetchone()[0])


def kept_acting(
    content: Iterable[bytes], person: User | AnonymousUser | None, role: str | None
) -> Iterator[bytes]:
    """Give what is streamed after its request in the name of the same person."""
    with acting_as(person, role):
        yield from content


def _put_back(before: Acting | None) -> None:
    """Say who acted before; a transaction that was broken inside takes its settings back by itself."""
    if connection.connection is None or connection.needs_rollback or _is_broken():
        return
    try:
        _say(before)
    except Exception:
        connection.connection.close()  # nobody else may find this person's scope on it
        connection.close()
        raise


def _is_broken() -> bool:
    from psycopg.pq import TransactionStatus

    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)


def _say(acting: Acting | None) -> list[list[Any]]:
    """Set role and scope in one statement; answer the person's appointments in force."""
    statement = LEAVE if acting is None else ENTER
    given = [acting.person, acting.role] if acting else [None, None]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        told = cursor.fetchone()[1]
    found: list[list[Any]] = json.loads(told) if isinstance(told, str) else told
    return found


def _enter_anew(connection: Any, **_sent: Any) -> None:
    """Bind a connection that is opened while somebody acts: nothing is ever asked of it unbound.

    One that others have used before (``config/pooling.py``) is bound by nothing that they left on it.
    """
    acting = getattr(connection, "acting", None)
    if acting or connection.pool:
        with connection.cursor() as cursor:
            given = [acting.person, acting.role] if acting else [None, None]
            cursor.execute(ENTER if acting else LEAVE, given)


def bind_new_connections() -> None:
    """Keep to who acts when a connection is opened or opened again (called when the program starts)."""
    connection_created.connect(_enter_anew, dispatch_uid="opora.registry.acting")
