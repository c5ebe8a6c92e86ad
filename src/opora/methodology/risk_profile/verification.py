"""Verification of a profile (верификация РПШ): school and curator on each factor, the risks it takes on.

The profile proposes, people decide: each side agrees or does not, a disagreement has its reason; the school
chooses the factors it will work on and says of each, in short, how. How few may be chosen without a reason is
a number of the edition (``least_risks``); the operator's own is not published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.levels import HIGH, MIDDLE

SIDES = ("school", "curator")


@dataclass(frozen=True)
class Opinion:
    """What one side says of a factor's level: agrees, or does not and why."""

    agrees: bool
    reason: str = ""


@dataclass(frozen=True)
class Verification:
    """What was said of a profile so far.

    opinions: side → factor → opinion; a factor of which a side says nothing is absent. chosen: factors that
    the school takes on. measures: factor → what it will do, in short. few_reason: why fewer than the edition
    asks for.
    """

    opinions: Mapping[str, Mapping[str, Opinion]] = field(default_factory=dict)
    chosen: Sequence[str] = ()
    measures: Mapping[str, str] = field(default_factory=dict)
    few_reason: str = ""


class Lacking(StrEnum):
    """What a verification lacks before a side can sign it."""

    OPINION = "opinion"  # nothing is said of a factor
    REASON = "reason"  # a disagreement, or a choice against one's own word, without a reason
    CHOICE = "choice"  # fewer risks than the edition asks for, and no reason
    MEASURES = "measures"  # a chosen risk without what will be done


@dataclass(frozen=True)
class Lack:
    """One thing that lacks; factor: "" where it is of none in particular."""

    what: Lacking
    factor: str = ""


def proposed(
    levels: Mapping[str, str], points: Mapping[str, float | None], edition: ProfileEdition
) -> tuple[str, ...]:
    """Propose risks to choose: every high factor; if those are too few, middle ones, the highest score first.

    Factors of a low level and those without data are never proposed, however few that leaves.
    """
    order = [factor.name for factor in edition.factors]
    ranked = sorted(order, key=lambda name: (-(points.get(name) or 0.0), order.index(name)))
    high = [name for name in ranked if levels.get(name) == HIGH]
    middle = [name for name in ranked if levels.get(name) == MIDDLE]
    wanted = int(edition.number("least_risks"))
    return tuple(high + middle[: max(0, wanted - len(high))])


def lacks(said: Verification, side: str, edition: ProfileEdition) -> list[Lack]:
    """Say what lacks before a side can sign: in the order of the edition. Empty: it can.

    The curator signs opinions; the school its opinions, its choice and its measures.
    """
    names = [factor.name for factor in edition.factors]
    own = said.opinions.get(side, {})
    found = [Lack(Lacking.OPINION, name) for name in names if name not in own]
    found += [
        Lack(Lacking.REASON, name)
        for name in names
        if name in own and not own[name].agrees and not own[name].reason.strip()
    ]
    if side == "school":
        chosen = [name for name in names if name in said.chosen]
        if len(chosen) < int(edition.number("least_risks")) and not said.few_reason.strip():
            found.append(Lack(Lacking.CHOICE))
        found += [Lack(Lacking.MEASURES, name) for name in chosen if not said.measures.get(name, "").strip()]
    return found


def differing(said: Verification, edition: ProfileEdition) -> tuple[str, ...]:
    """Name the factors on which both sides have spoken and do not say the same: what a visit talks about."""
    school, curator = (said.opinions.get(side, {}) for side in SIDES)
    return tuple(
        factor.name
        for factor in edition.factors
        if factor.name in school
        and factor.name in curator
        and school[factor.name].agrees != curator[factor.name].agrees
    )
