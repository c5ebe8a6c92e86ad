"""Forms that make a run, lead it to its order, and change a list by hand."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.identification.actions import Grounds
from opora.identification.filters import whole
from opora.language import _
from opora.methodology.edition import load, shipped
from opora.registry.access import reach
from opora.registry.fields import Day, OrderFileField, lines
from opora.registry.models import Region

LONGEST = 4_000  # letters of a reason


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


class SendForm(forms.Form):
    """The last day on which schools may object."""

    until = Day(label=lazy("Возражения принимаются до"), help_text=lazy("Включительно"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"until": today + timedelta(days=14)})


class OrderForm(forms.Form):
    """The order that makes a list valid."""

    number = forms.CharField(label=lazy("Номер приказа"), max_length=60)
    day = Day(label=lazy("Дата приказа"))
    valid_until = Day(
        label=lazy("Перечень действует до"), required=False, help_text=lazy("Включительно; пусто — без срока")
    )
    file = OrderFileField()


class ObjectionForm(forms.Form):
    """Why a school does not agree."""

    reasons = forms.CharField(
        label=lazy("Почему школа не согласна"),
        max_length=LONGEST,
        widget=lines(6),
        help_text=lazy("Например: в файле чужие работы, школа закрыта, участники сосчитаны дважды"),
    )


class GroundsForm(forms.Form):
    """Why a list is changed by hand, and by which order."""

    reason = forms.CharField(label=lazy("Причина"), max_length=LONGEST, widget=lines(4))
    order_number = forms.CharField(label=lazy("Номер приказа"), max_length=60, required=False)
    order_date = Day(label=lazy("Дата приказа"), required=False)

    def grounds(self) -> Grounds:
        """Answer what was given."""
        told = self.cleaned_data
        return Grounds(told["reason"], told["order_number"], told["order_date"])


class DecisionForm(GroundsForm):
    """What is decided on an objection."""

    accept = forms.ChoiceField(
        label=lazy("Решение"),
        choices=[
            ("", "—"),
            ("yes", lazy("Принять: школа выйдет из перечня")),
            ("no", lazy("Отклонить: школа останется в перечне")),
        ],
    )
    field_order = ("accept", "reason", "order_number", "order_date")


class AmendForm(GroundsForm):
    """How a school leaves a list: alone, or another takes its place."""

    other = forms.CharField(
        label=lazy("Какая школа встанет на её место"),
        required=False,
        max_length=500,
        help_text=lazy("Код или школа из подсказки; пусто — школа выйдет без замены"),
        widget=forms.TextInput(attrs={"list": "candidates"}),
    )
    field_order = ("other", "reason", "order_number", "order_date")
