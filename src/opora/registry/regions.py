"""The regions as ``regions.yaml`` has them."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "regions.yaml"


@dataclass(frozen=True)
class RegionEntry:
    """One region of the file."""

    code: str
    iso: str
    okato: str
    district: str
    time_zone: str
    tile: tuple[int, int]  # column, row
    short: str
    name: str
    name_en: str
    also: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RetiredEntry:
    """One subject that ended: its number counts for years before ``until``."""

    code: str
    until: date
    became: str
    name: str


def read_regions(path: Path = FILE) -> tuple[list[RegionEntry], list[RetiredEntry]]:
    """Read the regions and the retired ones."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    regions = [RegionEntry(**{**entry, "tile": tuple(entry["tile"])}) for entry in content["regions"]]
    return regions, [RetiredEntry(**entry) for entry in content["retired"]]
