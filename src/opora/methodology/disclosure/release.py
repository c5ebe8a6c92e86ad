"""When results are shown (моменты публикации): after closing, then only by whole waves of late answers.

While a survey runs, its counts of used codes are shown exactly and nothing else is: they say how many took
part, and are the same whatever was answered. Results are published when it closes; that is wave 0. Answers
that come later are stamped with the next wave when results are published again, and enter by the rule of
groups: five new ones of a group change it, fewer wait or enter a total with other late ones. What entered
once stays in its atom, so a later publication is made of the atoms of the earlier ones and of new ones;
all publications together tell no more than the sums of atoms of the last. An answer is never taken back or
changed once it was published: ``continues`` refuses a publication in which it was.
"""

from collections.abc import Sequence

import polars as pl

from opora.language import _
from opora.methodology.disclosure.cells import KEYS, PLACES
from opora.methodology.disclosure.publishing import BY, LEVELS, Published
from opora.methodology.disclosure.suppression import in_total
from opora.methodology.tables import TableMismatch

LIVE = (*PLACES, "audience", "grade", "used", "invited")
OWN = ("school", "audience", "grade", "wave")
SHOWN = ("level", *PLACES, "audience", "grade")


class ChangedAnswers(ValueError):
    """Answers that were published have changed; showing both would tell whose."""


def live(codes: pl.DataFrame) -> pl.DataFrame:
    """Count who took part while the survey runs (живой счёт): used codes and invited, exact, with totals.

    Shape: ``codes`` has ``LIVE``, a row for each group, ``grade`` and ``invited`` may be empty; answered are
    ``level`` and the same columns, those of lower places empty in totals. Nothing else is taken: a column of
    answers is refused. Empty: ``invited`` is null where it is not known of somebody.
    Raises: ``TableMismatch``.
    """
    if set(codes.columns) != set(LIVE):
        message = _("живой счёт: столбцы {found}; допустимы только {wanted}")
        found = ", ".join(codes.columns)
        raise TableMismatch(message.format(found=found, wanted=", ".join(LIVE)))
    made = [_counted(codes, depth, by) for depth in range(len(LEVELS)) for by in BY]
    return pl.concat(made, how="diagonal").sort("depth", *KEYS, nulls_last=False).select("level", *LIVE)


def _counted(codes: pl.DataFrame, depth: int, by: Sequence[str]) -> pl.DataFrame:
    keys = [*PLACES[:depth], *by]
    rows = codes.filter(pl.col("grade").is_not_null()) if "grade" in by else codes
    asked = pl.when(pl.col("invited").is_not_null().all()).then(pl.col("invited").sum())
    made = rows.with_columns(in_total(keys)).group_by(" total")
    return made.agg(pl.col(keys).first(), pl.col("used").sum(), asked.alias("invited")).select(
        *keys, "used", "invited", depth=pl.lit(depth), level=pl.lit(LEVELS[depth])
    )


def continues(before: Published, now: Published) -> None:
    """Refuse a publication that is no continuation of an earlier one (продолжает ли публикация прежнюю).

    Answers of the earlier one are as many as they were, and lie in the same atoms: so the places of schools
    and how many were invited are those of the day when the survey began. Raises: ``ChangedAnswers``, with
    the schools. New answers belong into a new wave.
    """
    last = before.entries["wave"].max()
    kept = [
        one.entries.filter((pl.col("wave") <= last) & (pl.col("respondents") > 0)) for one in (before, now)
    ]
    both = kept[0].join(kept[1], on=list(OWN), how="full", coalesce=True, nulls_equal=True, suffix="_now")
    changed = ~pl.col("respondents").eq_missing(pl.col("respondents_now"))
    for base in before.numbers.bases:
        if f"{base} atom_now" in both.columns:
            changed |= _elsewhere(f"{base} atom")
    schools = both.filter(changed)["school"].unique().sort()
    if len(schools):
        message = _(
            "в опубликованном изменились ответы, муниципалитет или число приглашённых, школы: {schools}; "
            "новым ответам нужна новая волна, остальное берётся на день начала опроса"
        )
        raise ChangedAnswers(message.format(schools=", ".join(schools)))


def _elsewhere(atom: str) -> pl.Expr:
    """Say whether an answer lies together with other ones than it did."""
    was, now = pl.col(atom), pl.col(f"{atom}_now")
    parted = (now.n_unique().over(atom) > 1) | (was.n_unique().over(f"{atom}_now") > 1)
    grown = pl.col(f"{atom} size") != pl.col(f"{atom} size_now")
    return was.is_not_null() & (now.is_null() | parted | grown.fill_null(True))


def waiting(found: Published) -> pl.DataFrame:
    """Count the answers that are in no total yet (ждут публикации): ``audience respondents groups``."""
    out = found.entries.filter(pl.col("respondents atom").is_null())
    made = out.group_by("audience").agg(
        pl.col("respondents").sum(), groups=pl.col("group").n_unique().cast(pl.Int64)
    )
    return made.sort("audience")


def changes(before: Published, now: Published) -> pl.DataFrame:
    """Tell what a later publication changes (что изменилось): the shown rows with other respondents.

    Shape: ``SHOWN``, ``respondents`` now and ``before`` (null: was hidden or not there). Of a row that was
    shown, the difference is at least ``smallest_group``.
    """
    old = before.table.select(*SHOWN, before="respondents")
    both = now.table.select(*SHOWN, "respondents").join(
        old, on=list(SHOWN), how="left", nulls_equal=True, maintain_order="left"
    )
    return both.filter(
        pl.col("respondents").is_not_null() & ~pl.col("respondents").eq_missing(pl.col("before"))
    )
