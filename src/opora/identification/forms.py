"""Forms that make a run and publish it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.identification.filters import whole
from opora.language import _
from opora.methodology.edition import load, shipped
from opora.registry.access import reach
from opora.registry.models import Region


class RunForm(forms.Form):
    """An edition, its years and territory."""

    edition = forms.ChoiceField(label=lazy("Редакция методики"))
    region = forms.ModelChoiceField(Region.objects.none(), label=lazy("Регион"), required=False)
    years = forms.CharField(
        label=lazy("Годы"),
        required=False,
        max_length=60,
        help_text=lazy("Через запятую; пусто — как в методике"),
    )

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        far = reach(viewer, today, "start_run")
        regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
        field: Any = self.fields["region"]
        field.queryset, field.required = regions.order_by("sort_key"), not far.country
        field.empty_label = _("Вся страна") if far.country else None
        editions: Any = self.fields["edition"]
        editions.choices = [(name, str(load(name).title)) for name in shipped()]

    def clean_years(self) -> list[int] | None:
        """Read «2018, 2019»."""
        words = self.cleaned_data["years"].replace(",", " ").split()
        years = [whole(word) for word in words]
        if not all(year and 1990 <= year <= 2100 for year in years):
            raise forms.ValidationError(_("Годы — четыре цифры через запятую, например 2018, 2019"))
        return sorted({year for year in years if year}) or None


class OrderForm(forms.Form):
    """The order that makes a list valid."""

    number = forms.CharField(label=lazy("Номер приказа"), max_length=60)
    day = forms.DateField(
        label=lazy("Дата приказа"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
