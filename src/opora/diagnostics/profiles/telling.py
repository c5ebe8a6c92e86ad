"""Tells a kept profile factor by factor, down to the words of every question (почему такой уровень)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language

from opora.diagnostics.profiles.kept import Kept, Row, rows
from opora.diagnostics.profiles.pages import FactorCard, GroupLine, IndicatorLine, ItemLine
from opora.diagnostics.questionnaires import load, profiled
from opora.language import _
from opora.methodology.context.indicators import shipped_indicators
from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION, Factor, Indicator, ProfileEdition
from opora.methodology.risk_profile.levels import NO_DATA
from opora.methodology.risk_profile.why import shown
from opora.methodology.risk_profile.words import (
    audience_name,
    beside_sentence,
    change_sentence,
    changed_sentence,
    interval_line,
    lack_sentence,
    lacking_sentence,
    level_name,
    sure_sentence,
)
from opora.questionnaires.form import Field, Text
from opora.ui.numbers import counted, number, percent

Fields = Mapping[tuple[str, str], Field]  # audience, column → the field of a questionnaire
STATES = {"high": "high", "middle": "middle", "low": "low", NO_DATA: "none"}


def fields_of(forms: Iterable[str]) -> Fields:
    """Find the fields of the questionnaires that enter a profile by audience and name; of two, the first."""
    found: dict[tuple[str, str], Field] = {}
    for name in profiled(forms):
        form = load(name)
        for field in form.fields.values():
            found.setdefault((form.audience, field.name), field)
    return found


def factor_cards(told: Kept, edition: ProfileEdition, fields: Fields) -> tuple[FactorCard, ...]:
    """Answer the factors of a profile in the order of the edition."""
    by_factor: dict[str, dict[str, list[Row]]] = {}
    for name in ("indicators", "groups", "sources", "changes", "beside", "changed"):
        for row in rows(told, name):
            by_factor.setdefault(row["factor"], {}).setdefault(name, []).append(row)
    own = {row["factor"]: row for row in rows(told, "factors")}
    return tuple(
        _card(own[factor.name], factor, edition, by_factor.get(factor.name, {}), fields)
        for factor in edition.factors
        if factor.name in own
    )


def _card(
    row: Row, factor: Factor, edition: ProfileEdition, behind: Mapping[str, list[Row]], fields: Fields
) -> FactorCard:
    no_data = row["level"] == NO_DATA
    sentences = (
        (lack_sentence(row["why"], edition),)
        if no_data
        else (interval_line(row), sure_sentence(row, edition))
    )
    changed = [one for one in behind.get("changed", ()) if one["indicator"] is None]
    return FactorCard(
        name=factor.name,
        title=str(factor.title),
        numbers="; ".join(
            _("№ {number} перечня {year} года").format(number=place, year=year)
            for year, place in sorted(factor.numbers.items(), reverse=True)
        ),
        state=STATES[row["level"]],
        level=level_name(row["level"]),
        points=row["points"],
        sentences=sentences,
        beside="".join(beside_sentence(one) for one in behind.get("beside", ()) if not one["why"]),
        changed="".join(changed_sentence(one) for one in changed),
        indicators=tuple(_indicators(factor, behind, fields, not no_data)),
        changes=tuple(
            change_sentence({**one, "factor": factor.name}, edition) for one in behind.get("changes", ())
        ),
    )


def _indicators(
    factor: Factor, behind: Mapping[str, list[Row]], fields: Fields, scored: bool
) -> Iterable[IndicatorLine]:
    own = {row["indicator"]: row for row in behind.get("indicators", ())}
    parts = [own[one.name]["contribution"] or 0.0 for one in factor.indicators if one.name in own]
    contributions = iter(shown(parts, 1))
    changed = {one["indicator"]: changed_sentence(one) for one in behind.get("changed", ())}
    for one in factor.indicators:
        row = own.get(one.name)
        if row is None:
            continue
        part = next(contributions)
        yield IndicatorLine(
            title=str(one.title),
            points=row["points"],
            contribution=number(part, 1) if scored and row["contribution"] is not None else "",
            lacking=lacking_sentence(row),
            changed=changed.get(one.name, ""),
            groups=tuple(_groups(one, behind, fields)),
        )


def _groups(indicator: Indicator, behind: Mapping[str, list[Row]], fields: Fields) -> Iterable[GroupLine]:
    for row in behind.get("groups", ()):
        if row["indicator"] != indicator.name or row["why"] == "none":
            continue
        items = [
            one
            for one in behind.get("sources", ())
            if (one["indicator"], one["of"]) == (indicator.name, row["of"])
        ]
        yield GroupLine(
            name=audience_name(row["of"]),
            points=row["points"],
            said=_respondents(row),
            items=tuple(_item(one, fields) for one in items) if not row["why"] else (),
        )


def _respondents(row: Row) -> str:
    if row["why"] == "few":
        return _("ответивших слишком мало, чтобы показать")
    if row["of"] not in AUDIENCES or row["one_person"]:
        return ""
    return _("ответили {people}").format(people=counted(row["respondents"], _("человек,человека,человек")))


def _item(row: Row, fields: Fields) -> ItemLine:
    return ItemLine(
        text=_text(row, fields),
        said=_said(row, fields),
        contribution=row["contribution"],
    )


def _text(row: Row, fields: Fields) -> str:
    """Say what was asked; of a known number, what it is."""
    field = fields.get((row["of"], row["item"]))
    if field is not None:
        whole = _in_language(field.item.text)
        part = row["item"].rpartition(".")[2]
        inner = [one for one in (*field.item.rows, *field.item.options) if one.name == part]
        if field.kind != "choice" and inner:
            return f"{whole.rstrip('.:? ')}: {_in_language(inner[0].text)}"
        return whole
    if row["item"] == "low_share":
        return _("Доля работ с низшей отметкой за последний год")
    known = shipped_indicators().get(row["item"])
    return str(known.title) if known else row["item"]


def _in_language(text: Text) -> str:
    return text.get(get_language() or "ru") or text["ru"]


def _said(row: Row, fields: Fields) -> str:
    """Say the mean answer of one question, or the known number."""
    if row["raw"] is None:
        alone = row["of"] in BY_POSITION or row["of"] not in AUDIENCES
        return _("без ответа") if alone else _("ответов нет или слишком мало, чтобы показать")
    if row["of"] not in AUDIENCES:
        return percent(row["raw"] * 100, 1)
    field = fields.get((row["of"], row["item"]))
    if field is None or field.kind == "choice":
        return ""
    if row["answered"] <= 1:
        return _one(row["raw"], field)
    told = _mean(row["raw"], field)
    return _("в среднем {mean}, ответов {answered}").format(mean=told, answered=row["answered"])


def _one(raw: Any, field: Field) -> str:
    """Say the answer of one person."""
    if field.kind == "flag":
        return _("да") if raw else _("нет")
    return _step(raw, field) if field.kind == "scale" else _mean(raw, field)


def _step(raw: Any, field: Field) -> str:
    """Say the step of a scale that is nearest."""
    steps = field.item.scale.steps if field.item.scale else ()
    return _in_language(steps[min(len(steps), max(1, int(raw + 0.5))) - 1])


def _mean(raw: Any, field: Field) -> str:
    if field.kind == "scale":
        most, nearest = field.most, _step(raw, field)
        return _("{value} из {most} (ближе всего «{step}»)").format(
            value=number(raw, 1), most=most, step=nearest
        )
    if field.kind == "flag":
        return percent(raw * 100)
    if field.item.kind == "share":
        return percent(raw)
    return number(raw, 1)
