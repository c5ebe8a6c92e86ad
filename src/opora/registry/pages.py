"""What the pages of the registry show."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Crumb:
    """A step of «страна › регион › муниципалитет › школа»; the last one has no address."""

    name: str
    href: str | None = None
