"""What pages of a run's region share: the region that is looked at, and the schools that one sees there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from opora.accounts.models import User
from opora.identification.models import Run, Verdict
from opora.identification.pages import Choice
from opora.identification.queries import region_name
from opora.language import _
from opora.registry.access import reach, visible_regions
from opora.registry.models import Region, School
from opora.ui.components import Crumb


@dataclass(frozen=True)
class RegionSeen:
    """A region of a run as somebody sees it; ``schools`` are those of their own places, by number."""

    run: Run
    region: Region
    regions: list[Region]  # that there are to choose from
    schools: dict[int, School]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Answer the regions as options."""
        return tuple(Choice(one.pk, region_name(one), one == self.region) for one in self.regions)

    def crumbs(self, title: str) -> tuple[Crumb, ...]:
        """Answer the way to a page of this title."""
        return (
            Crumb(_("Все перечни"), reverse("identification:runs")),
            Crumb(self.run.title, reverse("identification:run", args=(self.run.pk,))),
            Crumb(title),
        )

    def listed(self, schools: Iterable[School]) -> dict[int, bool]:
        """Say which schools stand on the run's first list. Empty: no key where the run says nothing."""
        verdicts = Verdict.objects.filter(run=self.run, list=self.run.lists[0], school__in=schools)
        return dict(verdicts.values_list("school_id", "listed"))


def region_seen(viewer: User, today: date, run: Run, deed: str, wanted: str) -> RegionSeen | None:
    """Answer the wanted region of a run, else the first by name; None where the deed is nowhere theirs."""
    far = reach(viewer, today, deed)
    if not far:
        return None
    found = visible_regions(viewer, today)
    if run.territory_id:
        found = found.filter(pk=run.territory_id)
    regions = list(found.order_by("sort_key"))
    if not regions:
        return None
    region = next((one for one in regions if one.pk == wanted), regions[0])
    schools = School.objects.filter(far.within(), region=region).select_related("municipality")
    return RegionSeen(run, region, regions, {school.pk: school for school in schools})
