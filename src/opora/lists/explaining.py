"""Why a school is on the list, or is not: sentences and a table that a director can read."""

from collections.abc import Iterator
from typing import Any

from opora.language import _
from opora.lists.words import comparison_words, percent
from opora.methodology import edition as editions
from opora.methodology import wording
from opora.results.words import evidence_name

Document = dict[str, Any]


def explanation(listed: Document, school: str) -> list[str]:
    """Explain the verdicts of one school.

    Raises: KeyError with the nearest known codes where the list has no such school.
    """
    line = next(line for line in listed["schools"] if line["school"] == school)
    edition = editions.parse(listed["edition"]["text"], listed["edition"]["name"])
    said = [_name(line)]
    for name, verdict in line["verdicts"].items():
        said += ["", *_verdict(edition, name, verdict), ""]
        said += [_evidence(edition, row) for row in line["evidence"] if row.get("list", name) == name]
    return [*said, "", *_origin(listed)]


def _name(line: Document) -> str:
    about = line.get("about", {})
    named = " · ".join(str(about[key]) for key in ("name", "municipality") if about.get(key))
    return f"{line['school']} · {named}" if named else line["school"]


def _verdict(edition: editions.Edition, name: str, verdict: Document) -> Iterator[str]:
    title = str(edition.lists[name].title)
    if verdict["listed"]:
        yield _("{list}: школа в перечне.").format(list=title)
        yield _("Решило: {branch}.").format(branch=wording.branch_label(edition, name, verdict["branch"]))
    else:
        yield _("{list}: школы в перечне нет.").format(list=title)
    yield _("Неуспешных показателей: {failed} из {counted}.").format(**verdict)
    if verdict["stability"] is not None:
        yield _(
            "Устойчивость решения: {percent} — с такой вероятностью оно было бы таким же "
            "по настоящему уровню учеников."
        ).format(percent=percent(verdict["stability"] * 100))
    else:
        yield _("Устойчивость решения не оценивается.")


def _evidence(edition: editions.Edition, row: Document) -> str:
    mark = "■" if row.get("deciding") else "□" if row.get("failed") else "·"
    said = f"  {mark} {evidence_name(row)}: {_value(row)}"
    if row.get("threshold") is not None:
        said += _("; порог: {comparison} {threshold}").format(
            comparison=comparison_words(row["comparison"]),
            threshold=percent(row["threshold"] * 100) if row["kind"] == "outcome" else row["threshold"],
        )
    if row.get("excluded"):
        said += _(" — не учтён: {reason}").format(reason=wording.exclusion_reason(edition, row["excluded"]))
    return said


def _value(row: Document) -> str:
    if row.get("letter") is not None:
        return str(row["letter"])
    if row["kind"] != "outcome":
        return str(row.get("value", "—"))
    share = percent(row["share"] * 100) if row.get("share") is not None else "—"
    counts = _(", {low} из {takers}").format(**row) if row.get("low") is not None else ""
    interval = ""
    if row.get("low_bound") is not None:
        interval = _(" (интервал {low}–{high})").format(
            low=percent(row["low_bound"] * 100), high=percent(row["high_bound"] * 100)
        )
    return share + counts + interval


def _origin(listed: Document) -> Iterator[str]:
    edition = listed["edition"]
    status = wording.status(edition["status"])
    yield _("Редакция: {name} ({status}), источник: {source}.").format(**edition | {"status": status})
    for file in listed["inputs"]:
        yield _("Файл: {name}, SHA-256 {digest}").format(name=file["name"], digest=file["digest"][:16])
