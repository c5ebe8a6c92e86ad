"""The shipped edition put to answers to the shipped questionnaires: what one asks the other scores."""

import numpy as np
import polars as pl
import pytest

from opora.methodology.risk_profile.edition import AUDIENCES, FACTS
from opora.methodology.risk_profile.profile import profiles
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.reliability import reliability
from opora.methodology.risk_profile.scoring import INVITED
from opora.questionnaires.editions import load, shipped
from opora.questionnaires.table import columns

SCHOOLS = [f"s{place}" for place in range(25)]
SHEETS = {"director": 1, "psychologist": 1, "teacher": 20, "pupil": 30, "parent": 25}


def asked():
    """Read every form of the year, and the options of its choices."""
    forms = [load(name) for name in shipped() if name.endswith("2026")]
    options = {audience: {} for audience in AUDIENCES}
    for form in forms:
        for field in form.fields.values():
            if field.kind == "choice":
                options[form.audience][field.name] = [option.name for option in field.item.options]
    return forms, options


def drawn(forms, seed=1):
    """Answer every form by chance; a tenth is left out, a tenth is «не знаю»."""
    rng, tables = np.random.default_rng(seed), {}
    for form in forms:
        many = SHEETS[form.audience]
        told = {"school": np.repeat(SCHOOLS, many)}
        for name in columns(form):
            field = form.fields[name]
            value = rng.integers(field.least, min(field.most, 10) + 1, len(SCHOOLS) * many)
            chance = rng.random(len(value))
            unknown = np.where(chance < 0.2, -1, value)
            told[name] = pl.Series(
                [None if c < 0.1 else int(v) for c, v in zip(chance, unknown, strict=True)], dtype=pl.Int32
            )
        tables.setdefault(form.audience, []).append(pl.DataFrame(told))
    return {audience: pl.concat(parts, how="diagonal") for audience, parts in tables.items()}


@pytest.mark.parametrize("name", ["opora-2026"])
def test_the_shipped_edition_scores_answers_to_the_shipped_questionnaires(name):
    """Редакция и анкеты Опоры подходят друг другу: все десять факторов получают значение и уровень."""
    edition = load_edition(name)
    forms, options = asked()
    tables = drawn(forms)
    known = {
        table: pl.DataFrame(
            [
                (school, one.item, 0.1)
                for school in SCHOOLS
                for told in edition.asked_of(table)
                for one in told.origins
            ],
            schema={"school": pl.String, "name": pl.String, "value": pl.Float64},
            orient="row",
        ).unique(["school", "name"])
        for table in FACTS
    }
    invited = pl.DataFrame(
        [(school, audience, 2 * many) for school in SCHOOLS for audience, many in SHEETS.items()],
        schema=INVITED,
        orient="row",
    )
    found = profiles(tables, known, invited, edition, options=options)
    assert found.factors["level"].is_in(["high", "middle", "low"]).all() and len(edition.factors) == 10
    total = found.sources.group_by("school", "factor").agg(pl.col("contribution").sum())
    both = found.factors.join(total, on=["school", "factor"])
    assert both["points"].to_numpy() == pytest.approx(both["contribution"].to_numpy(), abs=1e-6)
    assert len(reliability(tables, edition, options)) == sum(told.asked for told in edition.told)
