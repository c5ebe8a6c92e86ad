"""What is asked of a new visit."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.diagnostics.access import visible_profiles
from opora.diagnostics.models import Campaign
from opora.registry.access import in_force
from opora.registry.models import Appointment, School
from opora.registry.roles import Role
from opora.visits.access import schools_to_visit
from opora.visits.planning.actions import Plan

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST = 300  # schools that anybody looks through in a list


class PlanForm(forms.Form):
    """A new visit: where, when, what for, whose profile is checked."""

    school = forms.ModelChoiceField(School.objects.none(), label=lazy("Школа"))
    planned_on = forms.DateField(label=lazy("День"), widget=Day)
    purpose = forms.CharField(
        label=lazy("Зачем"),
        max_length=500,
        help_text=lazy("Например: сверить рисковый профиль, посмотреть уроки математики."),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=lazy("Рисковый профиль"),
        required=False,
        empty_label=lazy("без профиля"),
        help_text=lazy("По его факторам в пакете будут вопросы, которые стоит проверить на месте."),
    )

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schools = schools_to_visit(by, today)
        if schools.order_by()[MOST:].exists():  # a region and more: the schools that have a curator
            curated = Appointment.objects.filter(in_force(today), role=Role.CURATOR)
            schools = schools.filter(pk__in=curated.values("school"))
        profiles = visible_profiles(by, today)
        self._choose("school", schools.order_by("sort_key"))
        profiled = profiles.filter(school__in=schools.values("pk"))
        campaigns = Campaign.objects.filter(pk__in=profiled.values("release__campaign"))
        self._choose("campaign", campaigns)
        self.fields["campaign"].initial = campaigns.first()  # the latest
        self.fields["planned_on"].widget.attrs["min"] = today.isoformat()
        only = list(schools.order_by()[:2])
        if len(only) == 1:
            self.fields["school"].initial = only[0]

    def _choose(self, name: str, found: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = found

    @property
    def plan(self) -> Plan:
        """Answer the visit as the action takes it."""
        given = self.cleaned_data
        return Plan(given["school"], given["planned_on"], given["purpose"], given["campaign"])
