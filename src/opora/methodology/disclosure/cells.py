"""The groups of a survey (ячейки публикации): who was asked where, how many answered, what came out.

A group is one audience of one school, of pupils one grade where grades are told. A mean is held as a whole
sum, so that adding is exact whatever the order of rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from opora.language import _
from opora.methodology.parameters import standing
from opora.methodology.shares import share
from opora.methodology.tables import TableMismatch

PLACES = ("region", "municipality", "school")
KEYS = (*PLACES, "audience", "grade")
UNITS = 10_000  # of a point: what a sum of scores is counted in
REQUIRED = (*PLACES, "audience", "respondents")
MAY_BE_ABSENT: dict[str, Any] = {"grade": pl.Int32, "invited": pl.Int64, "wave": pl.Int32}
TAKEN = (*KEYS, "level", "wave", "invited", "group", "left_out", "hidden")


@dataclass(frozen=True)
class Numbers:
    """What is told of groups beside how many answered: name of a column → the column that says by how many.

    means: 0–100 each; counts: of answers of one kind, added up. Empty: null throughout an audience that was
    not asked.
    """

    means: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, str] = field(default_factory=dict)

    @property
    def bases(self) -> tuple[str, ...]:
        """The columns that say how many answered: the respondents, then those of single numbers."""
        return tuple(dict.fromkeys(["respondents", *self.means.values(), *self.counts.values()]))

    @property
    def of(self) -> dict[str, str]:
        """Every number with its base, means first."""
        return {**self.means, **self.counts}


def number(name: str) -> int:
    """Answer a number of ``parameters/disclosure.yaml``."""
    return int(standing("disclosure", name).number)


def cells(groups: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Check the groups and put them in order, means as whole sums.

    Shape: ``group`` (which rows are of one), ``KEYS``, ``wave``, ``invited``, ``numbers.bases``, then each
    number. Units: sums in ``UNITS`` of a point. Raises: ``TableMismatch`` with everything that is wrong.
    """
    wanted = [*REQUIRED, *numbers.bases[1:], *numbers.of]
    if missing := [name for name in wanted if name not in groups.columns]:
        message = _("группы опроса: нет столбцов: {missing}; нужны: {wanted}")
        raise TableMismatch(message.format(missing=", ".join(missing), wanted=", ".join(wanted)))
    if taken := [name for name in [*numbers.bases[1:], *numbers.of] if name in TAKEN or " " in name]:
        message = _("группы опроса: число не может называться {taken}: имя занято или в нём пробел")
        raise TableMismatch(message.format(taken=", ".join(taken)))
    whole = _typed(groups, numbers)
    if wrong := list(_wrong(whole, numbers)):
        raise TableMismatch("\n".join(wrong))
    whole = whole.sort(*KEYS, "wave").with_columns(
        *(pl.col(name).fill_null(0) for name in numbers.bases),
        *(_sum(name, base) for name, base in numbers.means.items()),
    )
    return whole.select(pl.struct(KEYS).rle_id().alias("group"), pl.all())


def mean(name: str, base: str) -> pl.Expr:
    """Turn a whole sum back into the mean of so many. Units: points, two digits. Empty: null of nobody."""
    return share(pl.col(name), pl.col(base) * UNITS).round(2)


def _sum(name: str, base: str) -> pl.Expr:
    """Turn the mean of so many into a whole sum: 0 of nobody, null where it was not asked."""
    total = (pl.col(name) * pl.col(base) * UNITS).round().cast(pl.Int64)
    return pl.when(~_unasked(name)).then(pl.when(pl.col(base) > 0).then(total).otherwise(0)).alias(name)


def _unasked(name: str) -> pl.Expr:
    return pl.col(name).is_null().all().over("audience")


def _typed(groups: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    absent = {"grade": None, "invited": None, "wave": 0}
    given = groups.with_columns(
        pl.lit(absent[name], kind).alias(name)
        for name, kind in MAY_BE_ABSENT.items()
        if name not in groups.columns
    )
    kinds: dict[str, Any] = dict.fromkeys([*PLACES, "audience"], pl.String) | MAY_BE_ABSENT
    kinds |= dict.fromkeys([*numbers.bases, *numbers.counts], pl.Int64)
    kinds |= dict.fromkeys(numbers.means, pl.Float64)
    try:
        names = [*KEYS, "wave", "invited", *numbers.bases, *numbers.of]
        return given.select(pl.col(name).cast(kinds[name]) for name in names)
    except pl.exceptions.PolarsError as error:
        message = _("группы опроса: тип столбца не подходит: {error}")
        raise TableMismatch(message.format(error=error)) from error


def _wrong(groups: pl.DataFrame, numbers: Numbers) -> Iterator[str]:
    """Say everything that is wrong with the groups, each with the number of rows and the first school."""
    own = [*KEYS, "wave"]
    must = [*PLACES, "audience", "wave", "respondents"]
    one_place = pl.struct("region", "municipality").n_unique().over("school") > 1
    grades = pl.col("grade").is_null()
    empty = {name: pl.col(name).is_null() for name in must}
    empty |= {
        name: pl.col(name).is_null() & ~_unasked(name) for name in [*numbers.bases[1:], *numbers.counts]
    }
    conditions = {_("пусто: {column}").format(column=name): wrong for name, wrong in empty.items()}
    conditions |= {
        _("группа повторяется"): pl.struct(own).is_duplicated(),
        _("школа в двух муниципалитетах"): one_place,
        _("у одной аудитории школы класс то указан, то нет"): (
            grades.any().over("school", "audience") & ~grades.all().over("school", "audience")
        ),
        _("приглашённых меньше нуля"): pl.col("invited") < 0,
        _("ответивших меньше нуля"): pl.col("respondents") < 0,
    }
    for name in numbers.bases[1:]:
        words = _("{column}: допустимо от нуля до числа ответивших").format(column=name)
        conditions[words] = ~pl.col(name).is_between(0, pl.col("respondents"))
    for name, base in numbers.counts.items():
        words = _("{column}: допустимо от нуля до {base}").format(column=name, base=base)
        conditions[words] = ~pl.col(name).is_between(0, pl.col(base))
    for name, base in numbers.means.items():
        words = _("{column}: допустимо от 0 до 100, а пусто — только где никто не ответил").format(
            column=name
        )
        known = pl.col(name).is_between(0, 100).fill_null(False) & pl.col(name).is_not_nan().fill_null(False)
        conditions[words] = (pl.col(base) > 0) & ~known & ~_unasked(name)
    for words, condition in conditions.items():
        found = groups.filter(condition)
        if len(found):
            message = _("группы опроса: {what}; строк: {rows}, первая — школа {school}")
            yield message.format(what=words, rows=len(found), school=found["school"].sort()[0])
