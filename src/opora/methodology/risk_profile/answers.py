"""Turns tables of answers into points of risk of each respondent, exactly: whole parts, no order, no thread.

A point is cut into so many parts that any answer on a scale of up to seventeen steps, shared by up to sixteen
items, is a whole number of them. Sums of whole numbers do not hang on the order of respondents, and what the
items give adds up to what the respondent has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from opora.language import _
from opora.methodology.marked import unknown
from opora.methodology.risk_profile.edition import (
    AUDIENCES,
    DONT_KNOW,
    FACTS,
    Origin,
    ProfileEdition,
    Told,
)
from opora.methodology.shares import pooled_share, ratio
from opora.methodology.tables import TableMismatch

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

POINT = 720_720**2  # parts of a point; 720720 is the least number that 1…16 divide
MISSING = -1
KNOWN = 2
Options = Mapping[str, Mapping[str, Sequence[str]]]  # audience → item → names of its options, in order


@dataclass(frozen=True, eq=False)
class Given:
    """What one group told, a row a respondent; or what is known of schools, a row a school.

    rows: place of the row's school, in order. starts: first row of each of ``there``, the schools with rows.
    points: rows × what the group tells, parts of a point, ``MISSING`` where too little was answered.
    by_item: for each of these, items × schools there: parts of a point that the item gave, all respondents
    together. answered: rows with an answer to the item; known: those of them that are not «не знаю»; raw:
    the mean answer of the known.
    """

    told: tuple[Told, ...]
    rows: Integers
    there: Integers
    starts: Integers
    points: Integers
    by_item: tuple[Integers, ...]
    answered: tuple[Integers, ...]
    raw: tuple[Floats, ...]
    alike: tuple[Integers, ...]

    def sums(self, column: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
        """Add up a column over the rows of each school there."""
        return np.add.reduceat(column, self.starts) if len(column) else column


def every_school(*tables: pl.DataFrame) -> pl.Series:
    """List every school of these tables once, in order."""
    found = [pl.Series("school", [], dtype=pl.String), *(table["school"] for table in tables)]
    return pl.concat(found).unique().sort()


def given_by(
    edition: ProfileEdition, group: str, table: pl.DataFrame, schools: pl.Series, options: Options
) -> Given:
    """Read what one group tells: a table of answers, or of facts spread to a column a name."""
    told = edition.asked_of(group)
    placed = table.join(
        schools.to_frame("school").with_row_index("place"), on="school", how="left", maintain_order="left"
    ).sort("place", maintain_order=True)
    rows = placed["place"].cast(pl.Int64).to_numpy()
    there, starts = np.unique(rows, return_index=True)
    points, by_item, answered, raw, alike = [], [], [], [], []
    for one in told:
        own, items, seen, mean, fewest = _indicator(one, placed, starts, edition, options.get(group, {}))
        points.append(own)
        by_item.append(items)
        answered.append(seen)
        raw.append(mean)
        alike.append(fewest)
    whole = np.stack(points, axis=1) if points else np.zeros((len(rows), 0), np.int64)
    return Given(
        told,
        rows,
        there,
        starts.astype(np.int64),
        whole,
        tuple(by_item),
        tuple(answered),
        tuple(raw),
        tuple(alike),
    )


def _indicator(
    told: Told,
    table: pl.DataFrame,
    starts: npt.NDArray[np.integer],
    edition: ProfileEdition,
    options: Mapping[str, Sequence[str]],
) -> tuple[Integers, Integers, Integers, Floats, Integers]:
    """Give each row its points, and each item of each school what it gave to them."""
    origins = told.origins
    items = [item_points(origin, table[origin.item], options) for origin in origins]
    count = np.sum([item != MISSING for item in items], axis=0)
    enough = at_least_share(count, len(origins), edition.number("answered")) & (count > 0)
    parts = [
        np.where(enough & (item != MISSING), np.rint(pooled_share(item, count)), 0).astype(np.int64)
        if len(origins) > 1
        else np.where(enough, item, 0)
        for item in items
    ]
    points = np.where(enough, np.sum(parts, axis=0), MISSING)
    values = [_value(table[origin.item]) for origin in origins]
    raw, seen = zip(*(_raw(*value, starts) for value in values), strict=True)
    by_item = np.stack([_sums(part, starts) for part in parts])
    says = [
        np.where(known, KNOWN, item != MISSING) for item, (_each, known) in zip(items, values, strict=True)
    ]
    alike = _fewest_alike(np.stack(says), starts, len(table))
    return points, by_item, np.stack(seen), np.stack(raw), alike


def _sums(column: npt.NDArray[np.generic], starts: npt.NDArray[np.integer]) -> npt.NDArray[np.generic]:
    return np.add.reduceat(column, starts) if len(column) else column


def _value(column: pl.Series) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Give the answers, NaN where there is none, and which of them are no «не знаю»."""
    value = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    return value, ~np.isnan(value) & ((value != DONT_KNOW) | column.dtype.is_float())


def _raw(
    value: Floats, known: npt.NDArray[np.bool_], starts: npt.NDArray[np.integer]
) -> tuple[Floats, Integers]:
    """Give the mean answer of each school without «не знаю», and how many answered."""
    total = _sums(np.where(known, value, 0.0), starts).astype(np.float64)
    mean = pooled_share(total, _sums(known.astype(np.int64), starts).astype(np.float64))
    return mean, _sums((~np.isnan(value)).astype(np.int64), starts).astype(np.int64)


def _fewest_alike(says: Integers, starts: npt.NDArray[np.integer], rows: int) -> Integers:
    """Count the rows of each school that know the answer to the same items, and take the fewest.

    ``says``: items × rows: 0 nothing, 1 «не знаю» that gives points, 2 an answer. Empty: as many as there are
    rows at all, where nobody of a school knows an answer.
    """
    if not len(starts):
        return np.zeros(0, np.int64)
    place = np.repeat(np.arange(len(starts)), np.diff([*starts, rows]))
    knows = (says == KNOWN).any(axis=0)
    code = (says * 3 ** np.arange(len(says))[:, None]).sum(axis=0)
    kind, many = np.unique(np.stack([place[knows], code[knows]]), axis=1, return_counts=True)
    found = np.full(len(starts), rows, np.int64)
    np.minimum.at(found, kind[0], many)
    return found


def at_least_share(part: npt.NDArray[np.integer], whole: int, share: Decimal) -> npt.NDArray[np.bool_]:
    """Say whether a share is reached, in whole numbers."""
    wanted = Fraction(share)
    return part * wanted.denominator >= wanted.numerator * whole


def item_points(origin: Origin, column: pl.Series, options: Mapping[str, Sequence[str]]) -> Integers:
    """Turn answers into parts of a point."""
    asked = origin.of in AUDIENCES
    value = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    missing = np.isnan(value) | ((value == DONT_KNOW) & asked)
    if origin.risk is not None:
        table = [0.0, *(origin.risk[name] for name in options[origin.item])]
        points = np.array(table)[np.where(missing, 0, value).astype(np.int64)] * POINT
    else:
        step = ratio(100.0, origin.full - origin.none)
        points = np.clip((np.where(missing, origin.none, value) - origin.none) * step, 0.0, 100.0) * POINT
    found = np.where(missing, MISSING, np.rint(points)).astype(np.int64)
    if origin.dont_know is not None:
        found[value == DONT_KNOW] = int(origin.dont_know * POINT + 0.5)
    return found


def spread(facts: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Give facts ``school name value`` a column a name. Empty: null, where a number is not known."""
    wide = facts.select("school").unique().sort("school")
    for name in dict.fromkeys(names):
        own = facts.filter(pl.col("name") == name).select(
            "school", pl.col("value").fill_nan(None).alias(name)
        )
        wide = wide.join(own, on="school", how="left", maintain_order="left")
    return wide.with_columns(pl.col(name).cast(pl.Float64) for name in dict.fromkeys(names))


def refuse_wrong(
    edition: ProfileEdition,
    tables: Mapping[str, pl.DataFrame],
    facts: Mapping[str, pl.DataFrame],
    invited: pl.DataFrame,
    options: Options,
) -> None:
    """Refuse tables that the edition cannot be put to; everything that is wrong is told.

    Raises: ``TableMismatch``.
    """
    faults = [
        unknown(name, AUDIENCES, _("нет группы отвечающих «{name}»")) for name in set(tables) - {*AUDIENCES}
    ]
    faults += [unknown(name, FACTS, _("нет таблицы «{name}»")) for name in set(facts) - {*FACTS}]
    for audience in (one for one in AUDIENCES if one in tables):
        faults += _faults_of_answers(edition, audience, tables[audience], options.get(audience, {}))
    for name in (one for one in FACTS if one in facts):
        faults += _faults_of_columns(name, facts[name], {"school": "text", "name": "text", "value": "number"})
        if not faults and facts[name].select("school", "name").is_duplicated().any():
            faults.append(_("{table}: число школы стоит дважды").format(table=name))
    wanted = {"school": "text", "audience": "text", "invited": "whole"}
    wrong = _faults_of_columns("invited", invited, wanted)
    if not wrong and invited.select("school", "audience").is_duplicated().any():
        wrong.append(_("{table}: школа и группа стоят дважды").format(table="invited"))
    if faults or wrong:
        raise TableMismatch("\n".join([*faults, *wrong]))


def _faults_of_answers(
    edition: ProfileEdition, audience: str, table: pl.DataFrame, options: Mapping[str, Sequence[str]]
) -> list[str]:
    origins = [origin for told in edition.asked_of(audience) for origin in told.origins]
    faults = _faults_of_columns(audience, table, {"school": "text"} | {one.item: "whole" for one in origins})
    for origin in origins:
        if origin.risk is None or faults:
            continue
        names = options.get(origin.item, ())
        if set(names) != set(origin.risk):
            message = _("{table}: у вопроса {item} ответы {found}, а в редакции — {wanted}")
            found, wanted = (", ".join(some) or "—" for some in (names, origin.risk))
            faults.append(message.format(table=audience, item=origin.item, found=found, wanted=wanted))
        elif (highest := table[origin.item].max()) is not None and int(str(highest)) > len(names):
            message = _("{table}: у вопроса {item} нет ответа с номером {number}")
            faults.append(message.format(table=audience, item=origin.item, number=highest))
        elif table[origin.item].is_in([DONT_KNOW, *range(1, len(names) + 1)]).not_().any():
            message = _("{table}: у вопроса {item} номера ответов — от 1, «не знаю» — −1")
            faults.append(message.format(table=audience, item=origin.item))
    return faults


def _faults_of_columns(name: str, table: pl.DataFrame, wanted: Mapping[str, str]) -> list[str]:
    faults = []
    for column, kind in wanted.items():
        if column not in table.columns:
            faults.append(_("{table}: нет столбца {column}").format(table=name, column=column))
            continue
        found = table.schema[column]
        fits = {
            "text": found == pl.String,
            "whole": found.is_integer() or found == pl.Null,
            "number": found.is_numeric() or found == pl.Null,
        }[kind]
        allowed = {"text": _("строка"), "whole": _("целое число"), "number": _("число")}[kind]
        if not fits:
            message = _("{table}: столбец {column} имеет тип {found}; допустимо: {allowed}")
            faults.append(message.format(table=name, column=column, found=found, allowed=allowed))
        elif kind == "text" and table[column].null_count():
            rows = table[column].null_count()
            message = _("{table}: в столбце {column} пусто, строк: {rows}; столбец обязателен")
            faults.append(message.format(table=name, column=column, rows=rows))
    return faults
