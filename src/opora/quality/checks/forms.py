"""What is asked of a new check."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.diagnostics.wording import year_label
from opora.identification.access import visible_runs
from opora.identification.models import Run, Verdict
from opora.identification.wording import edition_of, list_title
from opora.language import _
from opora.methodology.quality.reading import load_checklist, shipped_checklists
from opora.quality.access import schools_to_check
from opora.quality.checks.actions import Asked
from opora.registry.access import reach
from opora.registry.models import Municipality, Region, School

FILL, CHECK = 14, 35  # days that are proposed
FIRST_MONTH = 8  # a school year is spoken of as new from August on
RECENT = 20  # lists to choose from
Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CheckForm(forms.Form):
    """A new check: where, which schools, by which check-list, until when, by which order."""

    title = forms.CharField(label=lazy("Название"), max_length=200)
    place = forms.ChoiceField(label=lazy("Территория"))
    schools = forms.ChoiceField(label=lazy("Какие школы"))
    checklist = forms.ChoiceField(label=lazy("Чек-лист"))
    year = forms.TypedChoiceField(label=lazy("Учебный год"), coerce=int)
    fill_until = forms.DateField(label=lazy("Школы заполняют до"), widget=Day)
    check_until = forms.DateField(label=lazy("Проверка до"), widget=Day)
    order_number = forms.CharField(
        label=lazy("Номер приказа"),
        max_length=50,
        required=False,
        help_text=lazy("Если проверка назначена приказом: номер будет на листах и в справках."),
    )
    order_date = forms.DateField(label=lazy("Дата приказа"), widget=Day, required=False)

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.today = by, today
        self._places = dict(_places(by, today))
        self._choose("place", [(name, place.name) for name, place in self._places.items()])
        self._choose("schools", [("all", _("все школы территории")), *_lists(by, today)])
        lists = [load_checklist(name) for name in shipped_checklists()]
        self._choose("checklist", [(one.name, str(one.title)) for one in lists])
        now = today.year if today.month >= FIRST_MONTH else today.year - 1
        self._choose("year", [(str(year), year_label(year)) for year in (now, now - 1)])
        self.fields["title"].initial = _("Проверка ВСОКО")
        self.fields["fill_until"].initial = today + timedelta(days=FILL)
        self.fields["check_until"].initial = today + timedelta(days=CHECK)
        for name in ("place", "checklist"):
            choices = self.fields[name].choices  # type: ignore[attr-defined]
            if len(choices) == 1:
                self.fields[name].initial = choices[0][0]
                self.fields[name].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse days that are the wrong way round, at the day that is wrong."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("fill_until"), given.get("check_until")
        if first and first < self.today:
            self.add_error("fill_until", _("Этот день уже прошёл"))
        if first and last and last < first:
            self.add_error("check_until", _("Раньше, чем школы заполнят листы"))
        return given

    @property
    def asked(self) -> Asked:
        """Answer the check as the action takes it."""
        given, place = self.cleaned_data, self._places[self.cleaned_data["place"]]
        is_district = isinstance(place, Municipality)
        return Asked(
            title=given["title"],
            year=given["year"],
            checklist=given["checklist"],
            fill_until=given["fill_until"],
            check_until=given["check_until"],
            region=place.region if isinstance(place, Municipality) else place,
            municipality=place if is_district and isinstance(place, Municipality) else None,
            order_number=given["order_number"],
            order_date=given["order_date"],
        )

    @property
    def chosen(self) -> QuerySet[School]:
        """Answer the schools that were chosen, those of the chosen place."""
        place, which = self._places[self.cleaned_data["place"]], self.cleaned_data["schools"]
        found = schools_to_check(self.by, self.today)
        if isinstance(place, Municipality):
            found = found.filter(municipality=place)
        else:
            found = found.filter(region=place)
        if which == "all":
            return found
        run, _colon, name = which.partition(":")
        listed = Verdict.objects.filter(run=int(run), list=name, listed=True)
        return found.filter(pk__in=listed.values("school"))


def _places(by: User, today: date) -> Iterator[tuple[str, Region | Municipality]]:
    """Answer the municipalities and regions where somebody may hold a check, municipalities first."""
    far = reach(by, today, "run_quality_checks")
    regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
    found = Municipality.objects.filter(pk__in=far.municipalities)
    if not far.country:
        found |= Municipality.objects.filter(region__in=far.regions)
    for one in found.select_related("region").order_by("name"):
        yield f"municipality:{one.pk}", one
    for region in regions.order_by("name"):
        yield f"region:{region.pk}", region


def _lists(by: User, today: date) -> Iterator[tuple[str, str]]:
    published = visible_runs(by, today).filter(state=Run.State.PUBLISHED)[:RECENT]
    for run in published:
        edition = edition_of(run)
        for name in run.lists:
            said = _("из перечня «{title}»: {list}")
            yield f"{run.pk}:{name}", said.format(title=run.title, list=list_title(edition, name))
