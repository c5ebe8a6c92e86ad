"""Deeds on accounts: the only place that writes them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as one_time_codes
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from opora.accounts.models import User
from opora.audit.actions import record

HOUR = 3600
SIGNATURE = 200  # characters of what a browser says of itself
OLD_AT_ONCE = 100  # windows that are over, removed when a new one begins


@transaction.atomic
def add_person(email: str, full_name: str, password: str | None, by: User | None = None) -> User:
    """Make an account; without a password nobody can sign in with it yet.

    ``by`` is who makes it; None is the program, as at the first start.

    Records: accounts.add_person.
    """
    person = User(email=email.strip().lower(), full_name=full_name.strip(), password=make_password(password))
    person.full_clean(exclude=["password"])
    person.save()
    record("accounts.add_person", by, person)
    return person


def person_with(email: str, full_name: str, by: User | None = None) -> User:
    """Answer the account with an address, made now where there is none: nobody has two.

    Records: accounts.add_person.
    """
    found = User.objects.filter(email=email.strip().lower()).first()
    return found or add_person(email, full_name, None, by)


@transaction.atomic
def rename_person(person: User, full_name: str) -> None:
    """Write a person's name as they write it themselves.

    Records: accounts.name_changed, where it is another than before.
    """
    before, person.full_name = person.full_name, full_name.strip()
    person.full_clean(exclude=["password"])
    if person.full_name != before:
        person.save(update_fields=["full_name"])
        record_own("name_changed", person)


@transaction.atomic
def forget_person(person: User, by: User | None) -> None:
    """Replace a person's name and address by their number and close the account (забыть).

    Records: accounts.forget_person.
    """
    person.full_name = f"№ {person.pk}"
    person.email = f"forgotten-{person.pk}@forgotten.invalid"
    person.is_active = False
    person.password = make_password(None)
    person.save(update_fields=["full_name", "email", "is_active", "password"])
    Authenticator.objects.filter(user=person).delete()
    SocialAccount.objects.filter(user=person).delete()
    _end_all_sessions(person)
    record("accounts.forget_person", by, person)


@transaction.atomic
def set_password(person: User, password: str, deed: str = "password_changed") -> None:
    """Give somebody a password; their sessions end, but the page that asked may go on under a new key.

    Raises: ValidationError, when it is short, common or like the person's name.
    """
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    _end_all_sessions(person)
    record_own(deed, person)


def record_own(deed: str, person: User) -> None:
    """Write down what a person did with their own account, in the transaction of the deed."""
    record(f"accounts.{deed}", person, person)


@transaction.atomic
def record_asked(person: User) -> None:
    """Write down that a link for a new password was asked for; how often one may ask is limited."""
    record("accounts.reset_asked", None, person)


# Tries


def tries_key(*parts: str) -> str:
    """Answer the key under which tries are counted: nobody reads an address from it."""
    return salted_hmac("opora.accounts.tries", "\n".join(parts), algorithm="sha256").hexdigest()


def count_try(key: str, seconds: int, now: datetime) -> tuple[int, datetime]:
    """Count a try in its window, which begins with the first; answer how many there were and its end.

    One statement: of parallel tries each gets a number of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO accounts_tries AS known (key, count, until) VALUES (%(key)s, 1, %(until)s)
            ON CONFLICT (key) DO UPDATE SET
                count = CASE WHEN known.until <= %(now)s THEN 1 ELSE known.count + 1 END,
                until = CASE WHEN known.until <= %(now)s THEN excluded.until ELSE known.until END
            RETURNING count, until, xmax = 0
            """,
            {"key": key, "now": now, "until": now + timedelta(seconds=seconds)},
        )
        count, until, is_new = cursor.fetchone()
    if is_new:
        _forget_old_tries(now)
    return count, until


def _forget_old_tries(now: datetime) -> None:
    """Remove some windows that are over; each new one removes more than itself, so the table stays small."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM accounts_tries WHERE key IN (
                SELECT key FROM accounts_tries WHERE until <= %s LIMIT %s FOR UPDATE SKIP LOCKED
            )
            """,
            [now, OLD_AT_ONCE],
        )


def take_back(keys: Iterable[str]) -> None:
    """Take tries back that succeeded."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_tries SET count = count - 1 WHERE key = ANY(%s) AND count > 0", [list(keys)]
        )


@transaction.atomic
def record_refusal(deed: str, person: User | None, now: datetime | None = None) -> None:
    """Write down a refusal, but not each one: the 1st, 10th, 100th… of an hour, of an account or of nobody.

    However long somebody guesses, the chain grows by the logarithm of it; strangers all count as one. What is
    not kept is written all the same and taken back: nobody learns from the time of an answer whom we know.
    """
    key = tries_key("refused", deed, str(person.pk) if person else "")
    count, _until = count_try(key, HOUR, now or timezone.now())
    written = transaction.savepoint()
    record(f"accounts.{deed}", None, person, times=count)
    if str(count).rstrip("0") != "1":
        transaction.savepoint_rollback(written)


# Second factor


@transaction.atomic
def use_code(person: User, code: str) -> Authenticator | None:
    """Take a one-time code or a recovery code, each once, however many try at the same moment.

    Empty: None when it is not right, or was used.
    """
    # Codes of the telephone come before those on paper, and each row waits for whoever uses it now.
    owned = Authenticator.objects.select_for_update().filter(user=person).exclude(type="webauthn")
    for authenticator in owned.order_by("-type"):
        if authenticator.type == Authenticator.Type.TOTP:
            taken = _take_one_time_code(authenticator, code)
        else:
            taken = authenticator.wrap().validate_code(code)
            if taken:
                record_own("recovery_code_used", person)
        if taken:
            return authenticator
    return None


def _take_one_time_code(authenticator: Authenticator, code: str) -> bool:
    """Take a code whose half-minute is later than that of the last code taken."""
    secret = one_time_codes.decrypt(authenticator.data["secret"])
    last = authenticator.data.get("last_step", 0)
    typed = "".join(code.split())
    for step in one_time_codes.yield_hotp_counters_from_time():
        wanted = one_time_codes.format_hotp_value(one_time_codes.hotp_value(secret, step))
        if step > last and constant_time_compare(typed, wanted):
            authenticator.data["last_step"] = step
            authenticator.save(update_fields=["data"])
            return True
    return False


@transaction.atomic
def reset_second_factor(person: User, by: User | None) -> None:
    """Take away a second factor that somebody lost; their sessions end, and they set up another.

    Whoever may do this is asked where it is offered; on the command line ``by`` is nobody.
    """
    Authenticator.objects.filter(user=person).delete()
    _end_all_sessions(person)
    record("accounts.second_factor_reset", by, person)


# Sessions


@transaction.atomic
def end_other_sessions(request: HttpRequest, person: User) -> int:
    """End every session of a person but this one; answer how many there were."""
    keys = list(
        UserSession.objects.filter(user=person)
        .exclude(session_key=request.session.session_key)
        .values_list("session_key", flat=True)
    )
    end_sessions(keys)
    record_own("sessions_ended", person)
    return len(keys)


def _end_all_sessions(person: User) -> None:
    """End every session of a person."""
    end_sessions(list(UserSession.objects.filter(user=person).values_list("session_key", flat=True)))


def end_sessions(keys: list[str | None]) -> None:
    """End sessions by their keys; None is one that was never kept."""
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()


def renew_session(request: HttpRequest) -> None:
    """Give the session a new key: who knew the old one, knows nothing."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def begin_session(request: HttpRequest, person: User) -> None:
    """Write down whence, and with what, a person has signed in; the library would read all their sessions."""
    now = timezone.now()
    if not request.session.session_key:  # somebody else was signed in here a moment ago
        request.session.save()
    begun = UserSession(
        user=person,
        session_key=request.session.session_key,
        ip=get_adapter(request).get_client_ip(request),
        user_agent=request.META.get("HTTP_USER_AGENT", "")[:SIGNATURE],
        created_at=now,
        last_seen_at=now,
    )
    told = ["user", "ip", "user_agent", "created_at", "last_seen_at"]
    UserSession.objects.bulk_create(
        [begun], update_conflicts=True, unique_fields=["session_key"], update_fields=told
    )
    _forget_old_sessions(now)


def see_session(request: HttpRequest, now: datetime) -> None:
    """Write down when, and whence roughly, a session was last seen."""
    UserSession.objects.filter(session_key=request.session.session_key).update(
        last_seen_at=now, ip=get_adapter(request).get_client_ip(request)
    )


def _forget_old_sessions(now: datetime) -> None:
    """Remove some sessions that are over, and whence they came; each new one removes more than itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM django_session WHERE session_key IN (
                    SELECT session_key FROM django_session WHERE expire_date <= %s
                    LIMIT %s FOR UPDATE SKIP LOCKED
                ) RETURNING session_key
            )
            DELETE FROM usersessions_usersession WHERE session_key IN (SELECT session_key FROM gone)
            """,
            [now, OLD_AT_ONCE],
        )


# Other systems


@transaction.atomic
def link_outside(person: User, system: str, subject: str, by: User | None) -> SocialAccount:
    """Say which person of another system this one is; whoever may say it is asked where it is offered."""
    linked = SocialAccount(user=person, provider=system, uid=subject)
    linked.full_clean(exclude=["extra_data"])
    linked.save()
    record("accounts.outside_linked", by, person)
    return linked


def forget_claims(account: SocialAccount) -> None:
    """Keep nothing of what another system told of a person but the number: it may tell a passport's."""
    SocialAccount.objects.filter(pk=account.pk).update(extra_data={})
