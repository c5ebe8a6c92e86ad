"""Writes what schools told of their context, as a plain table of indicators."""

from pathlib import Path

import numpy as np

from opora.demo.region import Region
from opora.demo.workbook import Cell, Sheet, write_workbook

# indicator → its middle, how it goes with the level of a school's pupils, how schools differ otherwise
INDICATORS = {
    "parents_higher_education": (0.36, 0.10, 0.07),
    "low_income": (0.22, -0.07, 0.05),
    "difficult_situation": (0.09, -0.03, 0.03),
    "special_needs": (0.07, -0.01, 0.03),
    "vacancies": (0.06, -0.03, 0.03),
    "highest_category": (0.34, 0.05, 0.12),
}
SILENT = 0.03  # the share of numbers that a school did not tell


def write_context(path: Path, region: Region, year: int) -> Path:
    """Write the indicators of a year, a row a school and indicator; some were not told."""
    random = np.random.default_rng([region.seed, 6, year])
    level = (region.effect - region.effect.mean()) / region.effect.std()
    rows: list[list[Cell]] = [["Логин ОО", "Год", "Показатель", "Значение"]]
    for name, (middle, slope, spread) in INDICATORS.items():
        values = np.clip(middle + slope * level + random.normal(0, spread, len(level)), 0.0, 0.95)
        told = random.random(len(level)) >= SILENT
        rows += [
            [school.login, year, name, round(float(value), 2)]
            for school, value, known in zip(region.schools, values, told, strict=True)
            if known
        ]
    write_workbook(path, Sheet("Контекст", rows))
    return path
