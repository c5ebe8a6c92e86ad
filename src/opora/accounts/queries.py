"""What the page «Безопасность входа» shows: one dataclass, a few queries whatever a person has."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from opora.accounts.devices import device, place
from opora.accounts.models import User


@dataclass(frozen=True)
class Passkey:
    """A passkey of a person (ключ доступа)."""

    pk: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Visit:
    """A session of a person (вход): where it was opened and last seen."""

    device: str
    place: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class SecondFactor:
    """What a person has besides the password."""

    has_one_time_codes: bool
    passkeys: list[Passkey]
    recovery_codes_left: int | None  # empty: none were ever made

    @property
    def is_set_up(self) -> bool:
        """Say whether a password alone does not open the account."""
        return self.has_one_time_codes or bool(self.passkeys)


@dataclass(frozen=True)
class SecurityPage:
    """Everything that the page draws."""

    has_password: bool
    second: SecondFactor
    visits: list[Visit]
    outside: list[str]

    @property
    def others(self) -> int:
        """Count the sessions that «выйти везде» would end."""
        return sum(not visit.is_this for visit in self.visits)


def security_page(person: User, session_key: str | None, now: datetime) -> SecurityPage:
    """Answer how somebody signs in and where they are signed in."""
    return SecurityPage(
        has_password=person.has_usable_password(),
        second=second_factor(person),
        visits=visits(person, session_key, now),
        outside=list(SocialAccount.objects.filter(user=person).values_list("provider", flat=True)),
    )


def second_factor(person: User) -> SecondFactor:
    """Answer what somebody has besides the password."""
    owned = list(Authenticator.objects.filter(user=person).order_by("created_at"))
    by_type = {one.type: one for one in owned}
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return SecondFactor(
        has_one_time_codes=Authenticator.Type.TOTP in by_type,
        passkeys=[
            Passkey(one.pk, one.wrap().name, one.created_at, one.last_used_at)
            for one in owned
            if one.type == Authenticator.Type.WEBAUTHN
        ],
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def visits(person: User, session_key: str | None, now: datetime) -> list[Visit]:
    """Answer the sessions that still live, this one first, then those seen last."""
    living = Session.objects.filter(expire_date__gt=now).values("session_key")
    found = UserSession.objects.filter(user=person, session_key__in=living).order_by("-last_seen_at")
    told = [
        Visit(
            device(one.user_agent),
            place(one.ip),
            one.created_at,
            one.last_seen_at,
            one.session_key == session_key,
        )
        for one in found
    ]
    return sorted(told, key=lambda visit: not visit.is_this)
