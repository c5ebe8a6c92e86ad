"""Makes up the sheets of a campaign: the shipped questionnaires, answered by chance, some questions not."""

import numpy as np
import polars as pl

from opora.methodology.risk_profile.edition import DONT_KNOW
from opora.questionnaires.editions import load
from opora.questionnaires.form import Form
from tests.bench.survey import campaign

FORMS = {("teacher", None): "teacher-2026", ("parent", None): "parent-2026"} | {
    ("pupil", grade): f"pupil-{grade}-2026" for grade in (6, 9)
}
CROWDS = ("teacher", "pupil", "parent")
MISSED, UNSURE = 0.03, 0.08  # of the answers to a question: none, «не знаю»


def sheets(places: pl.DataFrame, seed: int = 1) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Make up the sheets of every questionnaire, and the groups that sent them."""
    groups = campaign(places, seed).filter(pl.col("audience").is_in(CROWDS))
    keys = ["school", "municipality", "region", "audience", "grade", "invited"]
    groups = groups.with_columns(wave=pl.col("wave").clip(0, 1)).group_by(*keys, "wave")
    whole = groups.agg(pl.col("respondents").sum()).sort(*keys, "wave")
    random, made, first = np.random.default_rng(seed), {}, 0
    for (audience, grade), name in FORMS.items():
        own = whole.filter(pl.col("audience") == audience, pl.col("grade").eq_missing(grade))
        rows = own.select(pl.exclude("respondents").repeat_by("respondents").explode()).drop_nulls("school")
        rows = rows.select("school", "audience", "grade", "wave").with_row_index("sheet", first)
        made[name] = rows.with_columns(_answers(load(name), len(rows), random))
        first += len(rows)
    return made, whole


def _answers(form: Form, many: int, random: np.random.Generator) -> list[pl.Series]:
    found, missed = [], {}
    for field in (one for one in form.fields.values() if one.kind != "text"):
        value = random.integers(field.least, field.most + 1, many).astype(object)
        if field.item.dont_know:
            value[random.random(many) < UNSURE] = DONT_KNOW
        place = field.item.name if field.kind == "flag" else field.name  # options are left out together
        value[missed.setdefault(place, random.random(many) < MISSED)] = None
        found.append(pl.Series(field.name, value.tolist(), pl.Int32))
    return found
