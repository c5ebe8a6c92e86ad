"""What is shown of a survey (публикация опроса): a row for each group and each total, or why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from opora.methodology.disclosure.cells import KEYS, PLACES, Numbers, cells, mean, number
from opora.methodology.disclosure.suppression import atoms, in_total, whole

LEVELS = ("country", *PLACES)
BY = (("audience", "grade"), ("audience",), ())
SHAPE = {
    "level": pl.String,  # country, region, municipality, school
    "region": pl.String,  # null above its level, as the other places
    "municipality": pl.String,
    "school": pl.String,
    "audience": pl.String,  # null: all audiences
    "grade": pl.Int32,  # null: all grades
    "invited": pl.Int64,  # null where it is not known of somebody
    "respondents": pl.Int64,  # null where hidden; the answers from which the numbers of this row are made
    "left_out": pl.Int64,  # groups with answers that are not in this row
    "hidden": pl.String,  # null, small, complement
}


@dataclass(frozen=True, eq=False)
class Published:
    """A publication. entries: every group and wave with its atoms, never to be shown; table: what is."""

    entries: pl.DataFrame
    numbers: Numbers

    @property
    def table(self) -> pl.DataFrame:
        """Everything that is shown, ``SHAPE`` and the numbers, in order."""
        told = [_level(self, depth) for depth in range(len(LEVELS))]
        return pl.concat(told).sort("depth", *KEYS, nulls_last=False).drop("depth")


def published(
    groups: pl.DataFrame,
    *,
    means: Mapping[str, str] | Sequence[str] = (),
    counts: Mapping[str, str] | Sequence[str] = (),
) -> Published:
    """Publish a survey (опубликовать результаты): hide groups under five and whatever would reveal them.

    Give it everything that was answered, hidden or not, and show nothing but ``.table``::

        found = published(groups, means=["motivation", "safety"], counts={"lessons_3": "lessons_answered"})
        found.table.filter(level="school", school=key, audience="teacher")

    Shape of ``groups``: a row for each school × audience, for pupils also × grade, or one row with an empty
    grade where grades are not told apart: ``school municipality region audience`` (text), ``respondents``;
    ``grade`` and ``invited`` may be empty or absent. ``means`` and ``counts`` name further columns: means of
    0–100 over the group's respondents, and numbers of answers of one kind (an option of an item). A number
    that not all respondents answered is given with the column that says how many did; who gives a list says
    that all did, and one that an audience was not asked is empty throughout it. ``wave`` says with which
    publication the answers of a row first came (0, 1, …): a late answer is stamped with the next wave, and a
    group with late answers has a row for each (see ``release.py``). Rows with nobody may stay out or stand
    with 0. Places and ``invited`` are those of the day when the survey began.

    Shape of ``.table``: ``SHAPE``, then for each other base its column, ``BASE_left_out`` and
    ``BASE_hidden``, then the numbers. ``hidden`` is null where the row is shown, ``small`` where fewer than
    five answered, ``complement`` where showing it would reveal a group; ``words.py`` says it. A total is
    made of the groups that may be in it; ``left_out`` says how many are not. 0 respondents are shown: there
    is no answer to hide. Units: means in points, two digits. Empty: numbers are null where hidden, where
    nobody answered, and over all audiences together.

    What the caller has to keep: whatever is put together from several numbers (a factor from indicators of
    several audiences) is made of ``.table``, never of the groups; a number that is not a mean or a count (an
    interval, a reliability) is made of exactly the answers that ``filters.counted`` names; two numbers that
    say the same of the same answers have the same base; all answers of one form are published in one call,
    for everybody alike: a role may see fewer rows, never other ones. An audience that speaks for its school
    and not for itself (the director's statement of what there is) is no group of people: leave it out here.

    Raises: ``TableMismatch`` with everything that is wrong with the table.
    """
    told = Numbers(_of(means), _of(counts))
    rows = cells(groups, told)
    rows = _sized(rows.hstack(atoms(rows, "respondents", "invited")), "respondents")
    for base in told.bases[1:]:
        rows = _sized(rows.hstack(_coarser(rows, base)), base)
    return Published(_with_firsts(rows), told)


def _of(names: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    return dict(names) if isinstance(names, Mapping) else dict.fromkeys(names, "respondents")


def _sized(rows: pl.DataFrame, base: str) -> pl.DataFrame:
    atom = f"{base} atom"
    return rows.with_columns(
        pl.when(pl.col(atom).is_not_null()).then(pl.len().over(atom)).alias(f"{atom} size")
    )


def _coarser(rows: pl.DataFrame, base: str) -> pl.DataFrame:
    """Part the answers to a number that not all answered: atoms of whole atoms of respondents."""
    own, people = "respondents atom", pl.col(base).sum().over("respondents atom", "group")
    alone = (people == 1) & (people < pl.col(base).sum().over("respondents atom"))
    whole_keys = [pl.when(pl.col(key).n_unique() == 1).then(pl.col(key).first()).alias(key) for key in KEYS]
    units = (
        rows.filter(pl.col(own).is_not_null())
        .with_columns(alone.alias(" alone"))
        .group_by(own)
        .agg(
            *whole_keys,
            pl.col("respondents since").first().alias("wave"),
            pl.col(base, "respondents").sum(),
            pl.col(" alone").any(),
        )
        .sort(*KEYS, "wave", own)
        .with_columns(group=pl.struct(KEYS).rle_id())
    )
    made = units.select(own).hstack(atoms(units, base, "respondents", " alone"))
    return rows.select(own).join(made, on=own, how="left", maintain_order="left").drop(own)


def _with_firsts(rows: pl.DataFrame) -> pl.DataFrame:
    """Note on one row of each group what is of it as a whole: who was asked, how many a mark allows."""
    first = pl.int_range(pl.len()).over("group") == 0
    asked = pl.col("invited").max().over("group")
    smallest = number("smallest_group")
    allowed = pl.min_horizontal(asked.fill_null(smallest), pl.lit(smallest))
    return rows.with_columns(
        pl.when(first).then(asked).otherwise(0).alias(" asked"),
        pl.when(pl.col("respondents").sum().over("group") < smallest)
        .then(allowed)
        .otherwise(smallest)
        .alias(" allowed"),
    )


def _level(found: Published, depth: int) -> pl.DataFrame:
    places = PLACES[:depth]
    made = [totals(found, found.entries, [*places, *by]) for by in BY]
    columns = list(SHAPE)
    return (
        pl.concat(made, how="diagonal")
        .with_columns(pl.lit(depth, pl.Int32).alias("depth"), pl.lit(LEVELS[depth]).alias("level"))
        .select("depth", *columns, pl.exclude("depth", *columns))
    )


def totals(found: Published, entries: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Make the rows of a table by these columns, from the entries that may be in it.

    Empty: without rows for empty grades where ``by`` asks for grades.
    """
    rows = entries.filter(pl.col("grade").is_not_null()) if "grade" in by else entries
    rows = rows.with_columns(in_total(by))
    rows = rows.with_columns(whole(f"{base} atom").alias(f"{base} in") for base in found.numbers.bases)
    made = rows.group_by(" total").agg(
        pl.col(by).first(), pl.col(" asked").sum(), *_sums(rows, found.numbers)
    )
    return made.select(*_shown(by, found.numbers))


def _sums(rows: pl.DataFrame, numbers: Numbers) -> Iterator[pl.Expr]:
    yield pl.col(" asked").is_null().any().alias(" unknown")
    for base in numbers.bases:
        inside, people = pl.col(f"{base} in"), pl.col(base)
        out = ~inside & (people > 0)
        yield people.filter(inside).sum().alias(base)
        yield people.filter(out).sum().alias(f"{base} people out")
        yield pl.col("group").filter(out).n_unique().cast(pl.Int64).alias(f"{base} out")
        yield pl.col(" allowed").filter(out).sum().alias(f"{base} allowed")
    for name, base in numbers.of.items():
        asked = pl.col(name).is_not_null().any()
        yield pl.when(asked).then(pl.col(name).filter(pl.col(f"{base} in")).sum()).alias(name)


def _shown(by: Sequence[str], numbers: Numbers) -> Iterator[pl.Expr]:
    for column in KEYS:
        yield pl.col(column) if column in by else pl.lit(None, SHAPE[column]).alias(column)
    yield pl.when(~pl.col(" unknown")).then(" asked").alias("invited")
    for base in numbers.bases:
        start = "" if base == "respondents" else f"{base}_"
        yield pl.when(_is_open(base)).then(base).alias(base)
        yield pl.col(f"{base} out").alias(f"{start}left_out")
        yield pl.when(~_is_open(base)).then(_mark(base)).alias(f"{start}hidden")
    for name, base in numbers.of.items():
        value = mean(name, base) if name in numbers.means else pl.col(name)
        told = _is_open(base) & (pl.col(base) > 0) & pl.lit("audience" in by)
        yield pl.when(told).then(value).alias(name)


def _is_open(base: str) -> pl.Expr:
    return (pl.col(base) > 0) | (pl.col(f"{base} out") == 0)


def _mark(base: str) -> pl.Expr:
    """Say ``small`` only where it tells nothing that the marks of the groups do not tell."""
    alone = (pl.col(f"{base} out") == 1) & (pl.col(f"{base} people out") < number("smallest_group"))
    few = pl.col(f"{base} allowed") < number("smallest_group")
    return pl.when(alone | few).then(pl.lit("small")).otherwise(pl.lit("complement"))
