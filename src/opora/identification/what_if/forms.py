"""The numbers of a rule as controls, each with its unit, its source and its status beside it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as lazy

from opora.identification.filters import whole
from opora.identification.rule_numbers import IN_PERCENT, PAIRS, plain, said, shown
from opora.identification.wording import status_kind
from opora.language import _
from opora.methodology.edition import Edition, Settled
from opora.methodology.parameters import UNITS, DatedValue
from opora.methodology.sensitivity import decides

HOW = "_is"  # the ending of the field that says how a number is compared
MOST_YEARS = 12


@dataclass(frozen=True)
class Control:
    """One number of the rule on the page."""

    value: Any  # bound field
    widget: str  # drawn
    how: Any | None  # bound field; None where nothing is compared
    unit: str  # «%», «школ»; "" where the number says enough
    source: str
    address: str
    clause: str
    status: str  # official, reconstructed, default
    standing: str  # what the edition has: «больше 30 %»


class ControlsForm(forms.Form):
    """The numbers that a verdict may hang on, and the years; what is not given stays as the run has it."""

    def __init__(self, data: Any, *, edition: Edition, settled: Settled, years: tuple[int, ...]) -> None:
        self.edition, self.settled, self.run_years = edition, settled, years
        self.names = decides(edition)
        super().__init__({**self.own(), **{name: self._read(name, data[name]) for name in data}})
        for name in self.names:
            self._add(name, settled[name])
        self.fields["years"] = forms.CharField(label=lazy("Годы"), required=False, max_length=80)

    def _read(self, name: str, text: str) -> str:
        """Take a number as people write it: «35,5»."""
        return text.replace(",", ".") if name in self.names else text

    @staticmethod
    def query_of(
        edition: Edition, changes: Mapping[str, Mapping[str, str]], years: Iterable[int], name: str
    ) -> QueryDict:
        """Write kept numbers as the address that asks for them."""
        query = QueryDict(mutable=True)
        query["list"], query["years"] = name, ", ".join(str(year) for year in years)
        for parameter, change in changes.items():
            share = edition.parameters[parameter].unit == "share"
            value = plain(Decimal(change["value"]) * IN_PERCENT) if share else change["value"]
            query[parameter], query[parameter + HOW] = value, change.get("comparison", "")
        return query

    def own(self) -> dict[str, str]:
        """Answer the run's own numbers, as the fields write them."""
        told = {"years": ", ".join(str(year) for year in self.run_years)}
        for name in decides(self.edition):
            now = self.settled[name]
            told[name] = shown(self.edition.parameters[name].unit, now)
            told[name + HOW] = now.comparison
        return told

    def _add(self, name: str, now: DatedValue) -> None:
        parameter = self.edition.parameters[name]
        label = str(parameter.meaning)
        if parameter.unit == "letter":
            orders = [m.order for m in self.edition.measures.values() if m.threshold == name and m.order]
            letters = orders[0] if orders else (str(now.value),)
            self.fields[name] = forms.ChoiceField(label=label, choices=[(one, one) for one in letters])
        else:
            lowest, highest, only_whole = UNITS[parameter.unit]
            scale = IN_PERCENT if parameter.unit == "share" else 1
            self.fields[name] = forms.DecimalField(
                label=label,
                min_value=lowest * scale,
                max_value=highest * scale,
                decimal_places=0 if only_whole else 4,
                widget=forms.NumberInput(
                    attrs={"step": "1" if only_whole else "any", "inputmode": "decimal"}
                ),
            )
        if now.comparison:
            pair = PAIRS["above" if now.comparison in ("above", "at least") else "below"]
            how = _("Сравнение: {label}").format(label=label)
            self.fields[name + HOW] = forms.ChoiceField(label=how, choices=pair)

    def clean_years(self) -> tuple[int, ...]:
        """Read «2018, 2019»; nothing is the run's own."""
        words = self.cleaned_data["years"].replace(",", " ").split()
        years = sorted({whole(word) or 0 for word in words})
        if not all(1990 <= year <= 2100 for year in years) or len(years) > MOST_YEARS:
            raise forms.ValidationError(_("Годы — четыре цифры через запятую, например 2018, 2019"))
        return tuple(years) or self.run_years

    @property
    def changes(self) -> dict[str, dict[str, str]]:
        """Answer what differs from the run's own numbers, as ``identify`` takes it."""
        found = {}
        for name in self.names:
            now = self.settled[name]
            value = self.cleaned_data[name]
            if self.edition.parameters[name].unit == "share":
                value /= IN_PERCENT
            how = self.cleaned_data.get(name + HOW, "")
            same = str(value) == now.value if isinstance(now.value, str) else value == now.value
            if not same or how != now.comparison:
                told = {"value": str(value)}
                found[name] = told | {"comparison": how} if how else told
        return found

    @property
    def years(self) -> tuple[int, ...]:
        """Answer the years to look at."""
        years: tuple[int, ...] = self.cleaned_data["years"]
        return years

    def controls(self) -> Iterator[Control]:
        """Answer the controls in the edition's order."""
        for name in self.names:
            parameter, now = self.edition.parameters[name], self.settled[name]
            source = self.edition.sources[now.source]
            yield Control(
                value=self[name],
                widget=self[name].as_widget(attrs={"class": _look(parameter.unit)}),
                how=self[name + HOW] if now.comparison else None,
                unit="%" if parameter.unit in ("share", "percent") else "",
                source=str(source.title),
                address=source.address,
                clause=now.clause,
                status=status_kind(now.status),
                standing=said(parameter.unit, now.value, now.comparison),
            )


def _look(unit: str) -> str:
    return "form-select" if unit == "letter" else "form-control"
