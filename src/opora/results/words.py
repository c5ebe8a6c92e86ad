"""Names of assessments, subjects and outcomes, as people say them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from opora.language import _

SUBJECTS = Path(__file__).parent / "readers" / "subjects.yaml"


def assessment_name(code: str) -> str:
    """Name an assessment: «ВПР»; another system's own word stays as it is."""
    names = {"vpr": _("ВПР"), "oge": _("ОГЭ"), "ege": _("ЕГЭ"), "gve": _("ГВЭ"), "niko": _("НИКО")}
    return names.get(code, code)


def subject_name(code: str) -> str:
    """Name a subject inside a line: «русский язык»; another system's own word stays as it is."""
    return _(_subjects().get(code, code))


@cache
def _subjects() -> dict[str, str]:
    entries = yaml.safe_load(SUBJECTS.read_text(encoding="utf-8"))
    return {code: entry["name"][:1].lower() + entry["name"][1:] for code, entry in entries.items()}


def outcome_name(row: Mapping[str, Any]) -> str:
    """Name an outcome by its cell: «ВПР 2018 · математика, 5 кл.»; what is ordinary is not said."""
    said = _("{assessment} {year} · {subject}, {grade} кл.").format(
        assessment=assessment_name(row["assessment"]),
        year=row["year"],
        subject=subject_name(row["subject"]),
        grade=row["grade"],
    )
    if row.get("grade_programme") not in (None, row["grade"]):
        said += _(" (программа {grade} кл.)").format(grade=row["grade_programme"])
    if row.get("sitting"):
        said += " · " + {"spring": _("весна"), "autumn": _("осень")}.get(row["sitting"], row["sitting"])
    if row.get("category") not in (None, "all"):
        said += f" · {row['category']}"
    return said
