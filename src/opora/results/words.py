"""Names of assessments, subjects and outcomes, as people say them."""

from collections.abc import Mapping
from typing import Any

from opora.language import _
from opora.results.readers.subjects import subject_title
from opora.ui.numbers import number
from opora.ui.numbers import percent as written_percent


def assessment_name(word: str) -> str:
    """Say an assessment by its usual short name; another system's word is said as it is."""
    names = {"vpr": _("ВПР"), "oge": _("ОГЭ"), "ege": _("ЕГЭ"), "gve": _("ГВЭ"), "niko": _("НИКО")}
    return names.get(word, word)


def subject_name(word: str) -> str:
    """Say a subject inside a line: «русский язык», “Russian”; another system's word is said as it is."""
    title = subject_title(word)
    translated = _(title)
    return translated if translated != title else title[:1].lower() + title[1:]


def outcome_name(row: Mapping[str, Any]) -> str:
    """Say an outcome by its cell: «ВПР-2018, математика, 5 класс»; what is ordinary is not said."""
    parts = [f"{assessment_name(row['assessment'])}-{row['year']}", subject_name(row["subject"])]
    if row.get("grade"):
        parts.append(_("{grade} класс").format(grade=row["grade"]))
    if row.get("grade_programme") not in (None, 0, row.get("grade")):
        parts.append(_("программа {grade} класса").format(grade=row["grade_programme"]))
    if row.get("sitting"):
        parts.append({"spring": _("весна"), "autumn": _("осень")}.get(row["sitting"], row["sitting"]))
    if row.get("category") not in (None, "", "all"):
        parts.append(row["category"])
    return ", ".join(parts)


def counts_label(takers: int, low: int | None, percent: float | None) -> str:
    """Say a result in a few words: «8 из 20», «40 % из 20» where only a percent was published."""
    if low is None:
        return _("{percent} из {takers}").format(
            percent=written_percent(percent or 0, 1), takers=number(takers)
        )
    return _("{low} из {takers}").format(low=number(low), takers=number(takers))


def evidence_name(row: Mapping[str, Any]) -> str:
    """Say what a row of evidence is about: an outcome, or an indicator with its year."""
    if row["kind"] == "outcome":
        return outcome_name(row)
    name = row.get("indicator") or row.get("measure")
    return f"{name}, {row['year']}" if row.get("year") else str(name)
