"""Which questions of two years may be compared, and of the others why not (преемственность анкет)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from opora.methodology.risk_profile.comparison import (
    COMPARABLE,
    NEW,
    NOT,
    OTHERWISE,
    REASONED,
    SAME,
    UNSAID,
    Year,
)
from opora.methodology.risk_profile.edition import AUDIENCES, Origin, ProfileEdition
from opora.questionnaires.editions import NothingSaid, mapped
from opora.questionnaires.form import Form
from opora.questionnaires.succession import SAME as UNCHANGED
from opora.questionnaires.succession import Succession

Names = Mapping[str, Mapping[str, str]]  # audience → name before → name now
Row = tuple[str, str, str, str]  # before, now, kind, why


def questions_of_both(older: Sequence[Form], newer: Sequence[Form]) -> pl.DataFrame:
    """Put the questions of two years together: ``REASONED``, a row for each question of the newer forms.

    A questionnaire of the same name is the same; another is compared as far as a file says what became of its
    questions (``questionnaires/succession.py``). Answers of an audience are counted together, so a question
    is comparable only where all its questionnaires of either year agree on what it was.
    """
    rows = []
    for audience in sorted({form.audience for form in newer}):
        was, now = ([one for one in forms if one.audience == audience] for forms in (older, newer))
        ways = [way for one in now for way in _ways(was, one)]
        for field in sorted({name for form in now for name in form.fields}):
            rows.append((audience, *_question(field, was, now, ways)))
    return pl.DataFrame(rows, schema=REASONED, orient="row")


def _ways(older: Sequence[Form], newer: Form) -> Iterator[Succession]:
    """Find what the older forms of an audience became in a newer one: itself, if it was asked then."""
    for one in [form for form in older if form.name == newer.name] or older:
        try:
            yield mapped(one, newer)
        except NothingSaid:
            continue


def _question(field: str, was: Sequence[Form], now: Sequence[Form], ways: Sequence[Succession]) -> Row:
    """Say what a question of this year was, or why it cannot be compared."""
    own = [form for form in now if field in form.fields]
    said = {form.name: [way for way in ways if way.newer.name == form.name] for form in own}
    if not was:
        return "", field, NOT, NEW
    if not all(said.values()):
        return "", field, NOT, UNSAID
    found = {way.comparable.get(field, "") for some in said.values() for way in some}
    if found == {""} and all(_added(field, way) for some in said.values() for way in some):
        return "", field, NOT, NEW
    before = found.pop()
    followed = {way.older.name for some in said.values() for way in some}
    if found or not before or {form.name for form in was if before in form.fields} - followed:
        return "", field, NOT, OTHERWISE
    same = all(_is_same(field, way) for some in said.values() for way in some)
    return before, field, SAME if same else COMPARABLE, ""


def _added(field: str, way: Succession) -> bool:
    return way.newer.fields[field].item.name in way.added


def _is_same(field: str, way: Succession) -> bool:
    item = way.newer.fields[field].item.name
    return any(step.how == UNCHANGED for step in way.steps if step.became == item)


def as_this_year(before: Year, mapping: pl.DataFrame) -> tuple[Year, pl.DataFrame]:
    """Give an earlier year's answers the names of this year's questions, and the mapping under these names.

    Each question keeps the line that its own edition gave it, or has this year's, where that edition knows it
    by its new name. What cannot be compared is left out of the year.
    """
    names: dict[str, dict[str, str]] = {}
    both = mapping.filter(pl.col("kind") != NOT)
    for audience, was, now in both.select("audience", "before", "now").rows():
        names.setdefault(audience, {})[was] = now
    tables = {
        audience: table.select("school", **{now: was for was, now in names[audience].items() if was in table})
        for audience, table in before.tables.items()
        if audience in names
    }
    options = {
        audience: {now: told[was] for was, now in names.get(audience, {}).items() if was in told}
        for audience, told in before.options.items()
    }
    renamed = mapping.with_columns(before=pl.when(pl.col("kind") != NOT).then("now").otherwise("before"))
    return replace(before, edition=_named(before.edition, names), tables=tables, options=options), renamed


def _named(edition: ProfileEdition, names: Names) -> ProfileEdition:
    factors = []
    for factor in edition.factors:
        own = [replace(one, origins=tuple(_renamed(one.origins, names))) for one in factor.indicators]
        factors.append(replace(factor, indicators=tuple(own)))
    return replace(edition, factors=tuple(factors))


def _renamed(origins: Sequence[Origin], names: Names) -> Iterator[Origin]:
    for one in origins:
        own = names.get(one.of, {})
        if one.of not in AUDIENCES or (one.item in own.values() and one.item not in own):
            yield one
        elif one.item in own:
            yield replace(one, item=own[one.item])
