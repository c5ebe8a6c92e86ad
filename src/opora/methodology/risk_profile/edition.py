"""An edition of the risk profile (редакция РПШ): factors, their indicators, and what gives these 0–100."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from opora.methodology.marked import Words
from opora.methodology.parameters import Parameter, Source

AUDIENCES = ("director", "teacher", "pupil", "parent", "psychologist")
FACTS = ("context", "results")  # tables of what is known of a school without asking anybody
GROUPS = (*AUDIENCES, *FACTS)
BY_POSITION = ("director", "psychologist")  # one person who answers for the office, not as one of many
LEVELS = ("fixed", "reference")
DONT_KNOW = -1  # in a table of answers


@dataclass(frozen=True)
class Origin:
    """What gives an indicator its points: an item asked of an audience, or a number known of the school.

    Units: a value ``none`` gives 0 points of risk, ``full`` 100, others lie on the line between, clipped;
    of a choice ``risk`` tells the points of each option instead. dont_know: points of «не знаю»; None:
    missing.
    """

    of: str  # of GROUPS
    item: str
    none: float = 0.0
    full: float = 1.0
    risk: Mapping[str, float] | None = None
    dont_know: float | None = None


@dataclass(frozen=True)
class Indicator:
    """A part of a factor (показатель фактора). weight: among the factor's indicators, above zero."""

    name: str
    title: Words
    weight: float
    origins: tuple[Origin, ...]
    group_weights: Mapping[str, float]  # of the groups that tell of it, above zero

    def of(self, group: str) -> tuple[Origin, ...]:
        """Name what one group tells."""
        return tuple(origin for origin in self.origins if origin.of == group)


@dataclass(frozen=True)
class Factor:
    """A risk factor (рисковый фактор). numbers: its number in the federal list of a year, if it has one."""

    name: str
    title: Words
    numbers: Mapping[int, int]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Told:
    """One group telling of one indicator: the place where a school has a score before any are combined."""

    factor: Factor
    indicator: Indicator
    of: str

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Name the items or numbers that it tells."""
        return self.indicator.of(self.of)

    @property
    def asked(self) -> bool:
        """Tell people who were asked from what is known without asking."""
        return self.of in AUDIENCES


@dataclass(frozen=True, eq=False)
class ProfileEdition:
    """One edition of the risk profile, read and checked."""

    name: str
    title: Words
    status: str
    source: str
    levels: str  # of LEVELS
    numbers: Mapping[str, Parameter]
    factors: tuple[Factor, ...]
    sources: Mapping[str, Source]
    digest: str  # SHA-256 of the text, hex

    def number(self, name: str) -> Decimal:
        """Give a number of the edition, or the one that holds where it gives none."""
        return self.numbers[name].at(date.max).number

    @property
    def told(self) -> tuple[Told, ...]:
        """List every group telling of every indicator, in the order of the edition and of ``GROUPS``."""
        return tuple(
            Told(factor, indicator, of)
            for factor in self.factors
            for indicator in factor.indicators
            for of in GROUPS
            if indicator.of(of)
        )

    def asked_of(self, audience: str) -> tuple[Told, ...]:
        """List what one audience tells."""
        return tuple(told for told in self.told if told.of == audience)
