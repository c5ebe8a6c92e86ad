"""What the page of a verification shows."""

from dataclasses import dataclass
from datetime import datetime

from opora.diagnostics.campaigns.pages import CampaignHead
from opora.ui.components import Crumb, Wrong


@dataclass(frozen=True)
class Words:
    """What one side says of a factor. says: yes, no, or "" where it has not spoken."""

    side: str  # «школа», «куратор»
    says: str
    reason: str


@dataclass(frozen=True)
class FactorTalk:
    """A factor with what both sides say of it."""

    name: str
    title: str
    state: str
    level: str
    points: float | None
    is_proposed: bool
    mine: Words  # "" in all, where nobody here speaks for a side
    other: tuple[Words, ...]  # the other side, or both for whoever only reads
    is_chosen: bool
    measures: str


@dataclass(frozen=True)
class Signature:
    """How far a side is: ``at`` None is not signed yet."""

    side: str
    at: datetime | None
    by: str


@dataclass(frozen=True)
class VerificationPage:
    """The verification of one school's profile, as one person sees it."""

    head: CampaignHead
    crumbs: tuple[Crumb, ...]
    school: int
    name: str
    place: str
    signatures: tuple[Signature, ...]
    factors: tuple[FactorTalk, ...]
    side: str  # for which one speaks here; "" where one only reads
    is_signed: bool  # that side
    may_choose: bool  # the school's side, not signed
    version: int
    least: int  # risks that the edition asks for
    few_reason: str
    differing: tuple[str, ...]  # titles of factors on which the sides differ
    wrong: tuple[Wrong, ...] = ()
    changed_meanwhile: bool = False
