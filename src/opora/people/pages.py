"""What the pages of people show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page


@dataclass(frozen=True)
class StateShown:
    """The state of an appointment as its pill says it."""

    pill: str
    word: str


@dataclass(frozen=True)
class DeputyRow:
    """A deputy of an appointment."""

    id: int
    name: str
    period: str
    state: StateShown
    may_end: bool


@dataclass(frozen=True)
class StandsIn:
    """For whom somebody stands in: the person, in which role, where."""

    person: int
    name: str
    role: str
    place: str
    deputyship: DeputyRow


@dataclass(frozen=True)
class InvitationShown:
    """The last invitation of a person: its way, until when it is open, whether it still is."""

    id: int
    sentence: str
    is_open: bool


@dataclass(frozen=True)
class AppointmentRow:
    """One appointment in a table or on a person's page."""

    id: int
    person: int
    name: str
    email: str
    role: str
    subject: str
    place: str
    period: str
    state: StateShown
    order: str
    may_see_viewers: bool  # of the order
    order_id: int | None  # with a file
    end: str  # why and by which order it was ended
    has_joined: bool
    invitation: InvitationShown | None
    may_manage: bool
    may_name_deputy: bool
    may_invite: bool
    deputies: tuple[DeputyRow, ...] = ()


@dataclass(frozen=True)
class Choice:
    """An option of a filter."""

    value: str
    label: str
    is_on: bool
    count: int | None = None


@dataclass(frozen=True)
class PeoplePage:
    """The people of one's territory: an appointment a row."""

    rows: tuple[AppointmentRow, ...]
    paging: Page
    search: str
    roles: tuple[Choice, ...]
    chips: tuple[Choice, ...]
    is_narrowed: bool
    not_joined: int
    may_import: bool


@dataclass(frozen=True)
class PersonPage:
    """One person with their appointments in one's territory."""

    id: int
    name: str
    email: str
    has_joined: bool
    last_seen: datetime | None
    rows: tuple[AppointmentRow, ...]
    stands_in: tuple[StandsIn, ...]
    asked_to_be_forgotten: date | None
    may_forget: bool
    why_not_yet: str


@dataclass(frozen=True)
class Sheet:
    """A printed invitation: the code, the address as a picture, and whom it is for."""

    name: str
    email: str
    role: str
    place: str
    code: str
    address: str
    picture: str  # svg
    until: date
