"""Any schools chosen by anybody (фильтр публикации): what may be shown of them, by the same rule as a total.

A choice is shown as the sum of the atoms that lie in it with all their groups; an atom that the choice cuts
is left out whole. So a choice tells nothing but sums of whole atoms, and neither does any number of choices,
one after another, each made in view of the last: there is no list of allowed filters and no memory of asked
ones. By settlement, by municipality, by hand, the schools similar to one: all are the same to it.
"""

from collections.abc import Collection, Sequence

import polars as pl

from opora.language import _
from opora.methodology.disclosure.publishing import BY, SHAPE, Published, totals
from opora.methodology.disclosure.suppression import in_total, whole


class ChoiceRefused(ValueError):
    """Schools were chosen of which the publication knows nothing, or none was."""


def chosen(found: Published, schools: Collection[str]) -> pl.DataFrame:
    """Tell of chosen schools together (показать выбранные школы): by audience and grade, by audience, all.

    Shape: as ``Published.table``, ``level`` is ``chosen`` and places are empty. Raises: ``ChoiceRefused``.
    """
    entries = _entries(found, schools)
    made = pl.concat([totals(found, entries, by) for by in BY], how="diagonal")
    made = made.with_columns(level=pl.lit("chosen")).sort("audience", "grade", nulls_last=False)
    return made.select(*SHAPE, pl.exclude(*SHAPE))


def counted(
    found: Published,
    schools: Collection[str],
    by: Sequence[str] = ("audience",),
    base: str = "respondents",
) -> pl.DataFrame:
    """Name the answers that a row of chosen schools is made of (чьи ответы вошли).

    For numbers that are no mean or count: an interval, a reliability. Shape: ``school audience grade wave``,
    in order; a row of ``Published.table`` is the choice of all schools of its place. ``by``:
    ``("audience", "grade")`` for a row of one grade. Raises: ``ChoiceRefused``.
    """
    rows = _entries(found, schools)
    rows = rows.filter(pl.col("grade").is_not_null()) if "grade" in by else rows
    rows = rows.with_columns(in_total(by)).filter(whole(f"{base} atom"))
    return rows.filter(pl.col(base) > 0).select("school", "audience", "grade", "wave")


def counted_by_school(found: Published, base: str = "respondents") -> pl.DataFrame:
    """Name the answers that the row of every school and audience is made of (чьи ответы вошли).

    Shape: ``school audience grade wave``, in order: what ``counted`` says of each school, of all at once.
    """
    rows = found.entries.with_columns(in_total(["school", "audience"])).filter(whole(f"{base} atom"))
    return rows.filter(pl.col(base) > 0).select("school", "audience", "grade", "wave")


def _entries(found: Published, schools: Collection[str]) -> pl.DataFrame:
    wanted = pl.Series("school", sorted(set(schools)), pl.String)
    if wanted.is_empty():
        raise ChoiceRefused(_("не выбрано ни одной школы"))
    if len(unknown := wanted.filter(~wanted.is_in(found.entries["school"].implode()))):
        message = _("в опросе нет школ: {schools}; выбирать можно из тех, что в нём участвуют")
        raise ChoiceRefused(message.format(schools=", ".join(unknown)))
    return found.entries.filter(pl.col("school").is_in(wanted.implode()))
