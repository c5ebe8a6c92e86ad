"""The answers that a profile counts: of groups that may be told of, and of parts of them that may."""

from collections.abc import Mapping

import polars as pl

from opora.diagnostics.profiles.alike import without_few_alike
from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION, ProfileEdition
from opora.questionnaires.form import Form


def counted_tables(
    answers: Mapping[str, pl.DataFrame],
    forms: Mapping[str, Form],
    edition: ProfileEdition,
    counted: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """Put the answers of each audience together, with a column for everything that the edition asks of it.

    ``answers``: questionnaire → its table with ``school audience grade wave``; ``counted``: the groups that
    may be told of, as ``filters.counted_by_school`` names them. A director and a psychologist always are.
    """
    made = {}
    for audience in AUDIENCES:
        own = [answers[name] for name, form in forms.items() if form.audience == audience]
        if not own:
            continue
        table = pl.concat(own, how="diagonal")
        if audience not in BY_POSITION:
            kept = counted.filter(pl.col("audience") == audience)
            table = table.join(kept, on=["school", "grade", "wave"], how="semi", nulls_equal=True)
        items = [origin.item for told in edition.asked_of(audience) for origin in told.origins]
        lacking = [pl.lit(None, pl.Int32).alias(name) for name in items if name not in table.columns]
        whole = table.with_columns(lacking)
        if audience not in BY_POSITION:
            whole = without_few_alike(whole, edition, audience)
        made[audience] = whole.drop("wave", "grade", "audience")
    return made
