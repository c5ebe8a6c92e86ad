"""What a school's profile is put beside: similar schools, and the survey of an earlier year."""

import polars as pl
from django.db.models import Q

from opora.diagnostics.models import Campaign
from opora.diagnostics.profiles.gathering import gathered
from opora.diagnostics.profiles.years import as_this_year, questions_of_both
from opora.diagnostics.questionnaires import load, profiled
from opora.identification.context.looking import alike
from opora.identification.models import Run
from opora.methodology.risk_profile.comparison import REASONED, Year

SIMILAR = {"school": pl.String, "neighbour": pl.String}


def similar_schools(campaign: Campaign, places: pl.DataFrame) -> pl.DataFrame:
    """Answer which schools of the campaign are similar in their context: ``SIMILAR``.

    By the latest published list of each region, or of the country. Empty: no rows where there is none.
    """
    found = [pl.DataFrame(schema=SIMILAR)]
    for region in places["region"].unique().sort():
        own = Q(territory=region) | Q(territory=None)
        run = Run.objects.filter(own, state=Run.State.PUBLISHED).order_by("-published_at").first()
        near = alike(run.content, region, tuple(run.years)) if run else None
        if near is not None:
            found.append(near.select(pl.col("school", "neighbour").cast(pl.String)))
    mine = places["school"].implode()
    return pl.concat(found).filter(pl.col("school").is_in(mine) & pl.col("neighbour").is_in(mine))


def last_year(campaign: Campaign) -> tuple[Year | None, pl.DataFrame]:
    """Answer an earlier year's survey of the same territory, and which of its questions are asked again.

    Its answers are those that its own last release counted, and no others. Empty: None, no rows.
    """
    nothing = pl.DataFrame(schema=REASONED)
    before = (
        Campaign.objects.filter(
            region=campaign.region, municipality=campaign.municipality, year__lt=campaign.year
        )
        .exclude(releases=None)
        .order_by("-year", "-pk")
        .first()
    )
    if before is None:
        return None, nothing
    older, newer = ([load(name) for name in profiled(one.forms)] for one in (before, campaign))
    return as_this_year(gathered(before, before.releases.count() - 1).year, questions_of_both(older, newer))
