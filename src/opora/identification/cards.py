"""What the cards beside a verdict show: signs of bias, and context. No verdict hangs on them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Seen:
    """One kind of sign of a school: what was seen beside what was expected."""

    said: str
    rarity: str  # how often an honest school has as much; "" where it does not count as a sign


@dataclass(frozen=True)
class SignsCard:
    """The signs of a school beside the verdict on it."""

    named: bool
    conclusion: str
    seen: tuple[Seen, ...]
    markers: tuple[str, ...]
    years: str
    href: str | None


@dataclass(frozen=True)
class Named:
    """A school by its name, and where it is."""

    name: str
    href: str


@dataclass(frozen=True)
class ContextCard:
    """How hard the context of a school is, and what follows; each line may be "" or empty."""

    context: str
    stands: str
    expected: str
    cluster: str
    alike: tuple[Named, ...]
    mentors: tuple[Named, ...]
