"""Forms of school history: one way of a change, its day and order; why a change is taken back."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.language import _
from opora.registry import codes
from opora.registry.codes import WrongCode
from opora.registry.fields import Day, lines
from opora.registry.history.changes import CODES, Kind
from opora.registry.history.drafts import Draft
from opora.registry.history.ways import ORDER_FIELDS, Way
from opora.registry.models import Municipality, School, searched

CHECKS = {Kind.VPR_LOGIN: codes.vpr_login, Kind.RIS_CODE: codes.ris_code, Kind.INN: codes.inn}
HOW = lazy("Код (логин ВПР, код РИС ГИА, ИНН) или название, как в реестре")


class ChangeForm(forms.Form):
    """A change of one school in one way: only the fields that the way asks for."""

    schools = forms.CharField(
        label=lazy("Другие школы, по одной в строке"), widget=lines(), help_text=HOW, max_length=5_000
    )
    other = forms.CharField(label=lazy("Другая школа"), help_text=HOW, max_length=500)
    new_school = forms.CharField(label=lazy("Новая школа"), help_text=HOW, max_length=500)
    new_schools = forms.CharField(
        label=lazy("Новые школы, по одной в строке"), widget=lines(), help_text=HOW, max_length=5_000
    )
    shares = forms.CharField(
        label=lazy("Доли прежних результатов"),
        required=False,
        widget=lines(),
        max_length=5_000,
        help_text=lazy(
            "Только если их называет приказ: школа, двоеточие, число переведённых учеников. "
            "Без долей результаты остаются за школой, которая продолжает работать."
        ),
    )
    name = forms.CharField(label=lazy("Новое полное название"), max_length=500)
    short_name = forms.CharField(label=lazy("Новое краткое название"), required=False, max_length=200)
    name_before = forms.CharField(
        label=lazy("Прежнее полное название"),
        required=False,
        max_length=500,
        help_text=lazy("Если переименование давнее и в реестре тогдашнего названия нет"),
    )
    founder = forms.CharField(label=lazy("Новый учредитель"), max_length=500)
    municipality = forms.ModelChoiceField(Municipality.objects.none(), label=lazy("Новый муниципалитет"))
    code = forms.CharField(label=lazy("Новый код"), required=False, max_length=13)
    on = Day(label=lazy("С какого дня"), help_text=lazy("Первый день, когда это уже так"))
    order_number = forms.CharField(label=lazy("Номер приказа или постановления"), max_length=60)
    order_date = Day(label=lazy("Дата приказа"))

    def __init__(self, *args: Any, way: Way, school: School, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way, self.school, self.today = way, school, today
        for name in set(self.fields) - {*way.fields, *ORDER_FIELDS}:
            del self.fields[name]
        if "municipality" in self.fields:
            places: Any = self.fields["municipality"]
            places.queryset = (
                Municipality.objects.filter(region=school.region_id)
                .exclude(pk=school.municipality_id)
                .order_by("sort_key")
            )

    def clean_on(self) -> date:
        """Refuse a day that has not come."""
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(
                _("Этот день ещё не наступил: запишите изменение, когда оно вступит в силу")
            )
        return on

    def clean_code(self) -> str:
        """Check a code as its kind demands."""
        text = self.cleaned_data["code"]
        try:
            return CHECKS[self.way.kind](text) if text else ""
        except WrongCode as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def clean_schools(self) -> tuple[School, ...]:
        return self._schools("schools")

    def clean_new_schools(self) -> tuple[School, ...]:
        return self._schools("new_schools")

    def clean_other(self) -> School:
        return found(self.cleaned_data["other"], self.school)

    def clean_new_school(self) -> School:
        return found(self.cleaned_data["new_school"], self.school)

    def clean_shares(self) -> tuple[tuple[int, int], ...]:
        """Read «школа: число» in each line."""
        shares = []
        for line in _lines(self.cleaned_data["shares"]):
            name, colon, count = line.rpartition(":")
            if not colon or not count.strip().isdecimal():
                raise forms.ValidationError(_("В каждой строке — школа, двоеточие и целое число учеников"))
            shares.append((found(name, self.school).pk, int(count)))
        return tuple(shares)

    def _schools(self, field: str) -> tuple[School, ...]:
        return tuple(found(line, self.school) for line in _lines(self.cleaned_data[field]))

    def draft(self) -> Draft:
        """Answer the change that the form tells."""
        told = self.cleaned_data
        return Draft(
            kind=self.way.kind,
            on=told["on"],
            order_number=told["order_number"].strip(),
            order_date=told["order_date"],
            **self._parts(told),
        )

    def _parts(self, told: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911 (a line for each way)
        me, shares = self.school, told.get("shares", ())
        match self.way.key:
            case "joined":
                return {"school": me, "ends": told["schools"]}
            case "became_part":
                return {"school": told["other"], "ends": (me,)}
            case "union":
                return {"ends": (me, *told["schools"]), "begins": (told["new_school"],)}
            case "split_off":
                return {"school": me, "begins": (told["new_school"],), "shares": shares}
            case "divided":
                return {"ends": (me,), "begins": told["new_schools"], "shares": shares}
            case "branch":
                return {"school": me, "main": told["other"]}
            case "branch_opened":
                return {"main": me, "begins": (told["new_school"],)}
            case "rename":
                before = told["name_before"].strip()
                after, short = told["name"].strip(), told["short_name"].strip()
                return {"school": me, "after": after, "short_after": short, "before": before}
            case "move":
                return {"school": me, "municipality_after": told["municipality"]}
            case "reform":
                return {"municipality_before": me.municipality, "municipality_after": told["municipality"]}
        return {"school": me, "after": told.get("code" if self.way.kind in CODES else "founder", "")}


class TakeBackForm(forms.Form):
    """Why a recorded change is taken back."""

    why = forms.CharField(
        label=lazy("Почему изменение отменяется"),
        max_length=500,
        help_text=lazy("Запись останется в истории с этой причиной"),
    )


def found(text: str, beside: School) -> School:
    """Find a school of the same region by a code or by its exact name, closed ones and former names too.

    Raises: ValidationError.
    """
    wanted = " ".join(text.split())
    schools = School.objects.filter(region=beside.region_id)
    for kind in CODES:
        try:
            hits = list(schools.filter(**{kind.value: CHECKS[kind](wanted)})[:2])
        except WrongCode:
            continue
        if len(hits) == 1:
            return hits[0]
    named = [one for one in _by_words(schools, wanted) if _is_called(one, wanted)]
    if len(named) == 1:
        return named[0]
    if named:
        raise forms.ValidationError(
            _("Школ с названием «{text}» несколько: назовите код").format(text=wanted)
        )
    raise forms.ValidationError(_("Школы «{text}» в реестре региона нет").format(text=wanted))


def _by_words(schools: Any, text: str) -> Sequence[School]:
    words = searched(text)
    for word in words:
        schools = schools.filter(search_key__contains=word)
    return list(schools[:200]) if words else []


def _is_called(school: School, text: str) -> bool:
    plain = searched(text)
    return plain in (searched(school.name), searched(school.short_name))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
