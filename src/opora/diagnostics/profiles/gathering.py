"""Gathers what the risk profiles of a survey are made of: answers that may be told of, and known facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from opora.diagnostics.campaigns.counting import answered
from opora.diagnostics.models import Campaign, Sheet, SurveyLink
from opora.diagnostics.profiles.counted import counted_tables
from opora.diagnostics.profiles.facts import known_facts
from opora.diagnostics.questionnaires import load, profiled
from opora.methodology.disclosure.filters import counted_by_school
from opora.methodology.disclosure.publishing import Published, published
from opora.methodology.risk_profile.answers import Options
from opora.methodology.risk_profile.comparison import Year
from opora.methodology.risk_profile.edition import AUDIENCES, BY_POSITION, ProfileEdition
from opora.methodology.risk_profile.reading import load_edition
from opora.methodology.risk_profile.scoring import INVITED
from opora.questionnaires.form import Form
from opora.questionnaires.table import as_table

PLACES = {"school": pl.String, "region": pl.String, "municipality": pl.String}
GROUPED = {"school": pl.String, "audience": pl.String, "grade": pl.Int32, "wave": pl.Int32}
GROUP = ("school", "audience", "grade")
AT_ONCE = 5_000  # sheets that are read together


@dataclass(frozen=True, eq=False)
class Gathered:
    """A survey's answers.

    year: what profiles are made of, without the answers of groups too small to be told of. places: ``school
    region municipality`` as they were when the survey was prepared. people: ``school audience answered``, how
    many took part, as was shown while the survey went on. groups: of people, as ``published`` takes them;
    crowd: what may be shown of their answers.
    """

    year: Year
    places: pl.DataFrame
    people: pl.DataFrame
    groups: pl.DataFrame
    crowd: Published


def gathered(campaign: Campaign, wave: int) -> Gathered:
    """Read the answers that releases up to a wave count.

    A school is its number in the registry, as text. Own questionnaires are left out: the edition knows
    nothing of their questions. Groups of people are told of by the rule of disclosure; a director and a
    psychologist answer for their office and always are.
    """
    levels = "fixed" if campaign.levels == Campaign.Levels.FIXED else "reference"
    edition = replace(load_edition(campaign.profile), levels=levels)
    forms = {name: load(name) for name in profiled(campaign.forms)}
    asked_by = SurveyLink.objects.filter(campaign=campaign, form__in=forms)
    links = list(asked_by.order_by("school_id", "form"))
    graded = _graded(forms.values())
    answers = {
        name: _answers(campaign, form, wave, form.audience in graded).with_columns(
            audience=pl.lit(form.audience)
        )
        for name, form in forms.items()
    }
    every = pl.concat(
        [pl.DataFrame(schema=GROUPED), *(one.select(*GROUPED) for one in answers.values())]
    ).cast(pl.Schema(GROUPED))
    places = pl.DataFrame(
        [(str(link.school_id), link.region_id, str(link.municipality_id)) for link in links],
        schema=PLACES,
        orient="row",
    ).unique("school", maintain_order=True)
    asked = _asked(links, forms, graded)
    groups = _groups(every, asked, places)
    crowd = published(groups)
    schools = places["school"].to_list()
    return Gathered(
        year=Year(
            edition=edition,
            tables=counted_tables(answers, forms, edition, counted_by_school(crowd)),
            facts=known_facts(edition, schools, campaign.year),
            invited=_invited(asked),
            options=options_of(forms.values(), edition),
        ),
        places=places,
        people=_people(links, forms),
        groups=groups,
        crowd=crowd,
    )


def _graded(forms: Iterable[Form]) -> set[str]:
    """Name the audiences whose questionnaires all are for one grade each."""
    mine = list(forms)
    return {
        one
        for one in AUDIENCES
        if (own := [form for form in mine if form.audience == one]) and all(len(f.grades) == 1 for f in own)
    }


def _answers(campaign: Campaign, form: Form, wave: int, graded: bool) -> pl.DataFrame:
    """Read the sheets of one questionnaire: the table of answers, with ``wave`` and ``grade``."""
    sheets = Sheet.objects.filter(link__campaign=campaign, link__form=form.name, wave__lte=wave)
    rows = sheets.values_list("link__school_id", "answers", "wave").iterator(chunk_size=AT_ONCE)
    schools, waves = [], []

    def told() -> Iterator[tuple[str, Mapping[str, object]]]:
        for school, given, since in rows:
            schools.append(str(school))
            waves.append(since)
            yield str(school), given

    made = as_table(form, told())
    grade = form.grades[0] if graded else None
    return made.with_columns(pl.Series("wave", waves, pl.Int32), pl.lit(grade, pl.Int32).alias("grade"))


def _asked(links: Sequence[SurveyLink], forms: Mapping[str, Form], graded: set[str]) -> pl.DataFrame:
    """Say how many are invited in each group. Empty: null, where a school did not say it."""
    rows = [
        (
            str(link.school_id),
            (form := forms[link.form]).audience,
            form.grades[0] if form.audience in graded else None,
            link.invited,
        )
        for link in links
    ]
    schema = {"school": pl.String, "audience": pl.String, "grade": pl.Int32, "invited": pl.Int64}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    return whole.group_by(GROUP, maintain_order=True).agg(_sum_if_known("invited"))


def _people(links: Sequence[SurveyLink], forms: Mapping[str, Form]) -> pl.DataFrame:
    """Count who took part, by used codes and receipts: those too whose sheets wait for others."""
    counts = answered(link.pk for link in links)
    rows = [(str(link.school_id), forms[link.form].audience, counts[link.pk].answered) for link in links]
    schema = {"school": pl.String, "audience": pl.String, "answered": pl.Int64}
    whole = pl.DataFrame(rows, schema=schema, orient="row")
    return whole.group_by("school", "audience", maintain_order=True).agg(pl.col("answered").sum())


def _sum_if_known(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum()).alias(name)


def _groups(every: pl.DataFrame, asked: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Make the groups of people, those who have not answered too, as the rule of disclosure wants them."""
    first = asked.select(*GROUP).with_columns(wave=pl.lit(0, pl.Int32))
    counts = every.group_by(*GROUP, "wave").agg(respondents=pl.len().cast(pl.Int64))
    whole = first.join(counts, on=[*GROUP, "wave"], how="full", coalesce=True, nulls_equal=True)
    people = whole.with_columns(pl.col("respondents").fill_null(0)).filter(
        ~pl.col("audience").is_in(BY_POSITION)
    )
    told = people.join(asked, on=list(GROUP), how="left", nulls_equal=True)
    return told.join(places, on="school", how="left")


def _invited(asked: pl.DataFrame) -> pl.DataFrame:
    told = asked.group_by("school", "audience", maintain_order=True).agg(_sum_if_known("invited"))
    return told.select(*INVITED).cast(pl.Schema(INVITED))


def options_of(forms: Iterable[Form], edition: ProfileEdition) -> Options:
    """Name the options of every choice by audience; of one that nobody is asked, those of the edition."""
    told: dict[str, dict[str, Sequence[str]]] = {audience: {} for audience in AUDIENCES}
    for one in edition.told:
        for origin in one.origins:
            if origin.risk is not None:
                told[one.of].setdefault(origin.item, tuple(origin.risk))
    for form in forms:
        for field in form.fields.values():
            if field.kind == "choice":
                told[form.audience][field.name] = field.item.option_names
    return told
