"""Forms of people: appoint, end, name a deputy, accept an invitation, bring a table."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.people.places import FoundPlace, Places, WrongPlace, suggestions
from opora.people.secrets import Mistyped, written
from opora.registry.access import reach
from opora.registry.appointing import may_appoint_to
from opora.registry.fields import Day, OrderFileField
from opora.registry.models import Region
from opora.registry.roles import Role
from opora.results.readers.subjects import subjects
from opora.results.words import subject_name

SHORTEST_PASSWORD = 12


class OrderFields(forms.Form):
    """The order of a deed: number and day together or neither, and its file."""

    order_number = forms.CharField(label=lazy("Номер приказа"), required=False, max_length=50)
    order_day = Day(label=lazy("Дата приказа"), required=False)
    order_file = OrderFileField()

    def clean(self) -> dict[str, Any]:
        """Hold number and day together; a file needs both."""
        told = super().clean() or self.cleaned_data
        number, day, file = told.get("order_number"), told.get("order_day"), told.get("order_file")
        if (number or day or file) and not number and "order_number" not in self.errors:
            self.add_error("order_number", lazy("Назовите номер приказа"))
        if (number or file) and not day and "order_day" not in self.errors:
            self.add_error("order_day", lazy("Назовите дату приказа"))
        return told


class AppointForm(OrderFields):
    """Who, in what role, where, from when, by which order."""

    full_name = forms.CharField(label=lazy("Фамилия, имя, отчество"), max_length=200)
    email = forms.EmailField(label=lazy("Электронная почта"), help_text=lazy("Ею человек будет входить"))
    role = forms.ChoiceField(label=lazy("Роль"))
    region = forms.ModelChoiceField(Region.objects.none(), label=lazy("Регион"), required=False)
    municipality = forms.CharField(label=lazy("Муниципалитет"), required=False, max_length=200)
    school = forms.CharField(
        label=lazy("Школа"),
        required=False,
        max_length=500,
        help_text=lazy("Код или название, если роль школьная"),
    )
    subject = forms.ChoiceField(label=lazy("Предмет"), required=False, help_text=lazy("Для методиста"))
    since = Day(label=lazy("Действует с"))
    until = Day(label=lazy("По какой день"), required=False)
    field_order = (
        *("full_name", "email", "role", "region", "municipality", "school", "subject", "since", "until"),
        *("order_number", "order_day", "order_file"),
    )

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.today = viewer, today
        choices: Any = self.fields
        roles = may_appoint_to(viewer, today)
        choices["role"].choices = [("", "—"), *((role, Role(role).label) for role in roles)]
        titles = sorted((subject_name(word), word) for word in subjects())
        choices["subject"].choices = [("", "—"), *((word, title) for title, word in titles)]
        far = reach(viewer, today, "see_people")
        regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
        choices["region"].queryset = regions.order_by("sort_key")
        if not far.country and len(far.regions) < 2:
            del self.fields["region"]
        for name in ("municipality", "school"):
            choices[name].widget.attrs["list"] = f"known-{name}"
        self.known = suggestions(viewer, today)

    def clean(self) -> dict[str, Any]:
        """Find the place that is written."""
        told = super().clean()
        role = told.get("role")
        if role:
            try:
                told["place"] = self._place(role, told)
            except WrongPlace as wrong:
                column = wrong.column if wrong.column in self.fields else None
                self.add_error(column, f"{wrong.what}. {wrong.allowed}")
        if told.get("subject") and role != Role.METHODIST:
            self.add_error("subject", lazy("Предмет бывает только у методиста"))
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", lazy("Последний день не раньше первого"))
        return told

    def _place(self, role: str, told: dict[str, Any]) -> FoundPlace:
        municipality, school = told.get("municipality") or "", told.get("school") or ""
        region = told["region"].pk if told.get("region") else ""
        places = Places([municipality], [school], self.viewer, self.today)
        return places.find(role, region, municipality, school)


class EndForm(OrderFields):
    """The last day of an appointment, and why it ends."""

    day = Day(label=lazy("Последний день"))
    reason = forms.CharField(label=lazy("Причина"), max_length=300)
    field_order = ("day", "reason", "order_number", "order_day", "order_file")


class DeputyForm(forms.Form):
    """Who stands in, from when to when."""

    full_name = forms.CharField(label=lazy("Фамилия, имя, отчество"), max_length=200)
    email = forms.EmailField(label=lazy("Электронная почта"))
    since = Day(label=lazy("Замещает с"))
    until = Day(label=lazy("По какой день"))


class CodeForm(forms.Form):
    """A code from a printed invitation."""

    code = forms.CharField(
        label=lazy("Код с листа"),
        max_length=40,
        help_text=lazy("12 знаков, например 4K7A-PX29-HTC3. Раскладка и регистр не важны."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_code(self) -> str:
        """Say at once that a sign is mistyped: the check sign tells it, and nothing else."""
        try:
            return written(self.cleaned_data["code"])
        except Mistyped as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class JoinForm(forms.Form):
    """The name and the password of who was invited."""

    full_name = forms.CharField(
        label=lazy("Фамилия, имя, отчество"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=lazy("Придумайте пароль"),
        min_length=SHORTEST_PASSWORD,
        max_length=200,
        strip=False,
        help_text=lazy("Не короче 12 знаков; можно фразой из нескольких слов"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=lazy("Пароль ещё раз"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.has_usable_password():  # somebody who signs in already keeps name and password
            self.fields.clear()

    def clean_password(self) -> str:
        """Hold the password to the rules of this place."""
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        """Hold both passwords against each other."""
        told = super().clean() or self.cleaned_data
        if told.get("password") and told.get("again") and told["password"] != told["again"]:
            self.add_error("again", lazy("Пароли не совпадают"))
        return told


class PeopleTableForm(forms.Form):
    """A table of people."""

    file = forms.FileField(label=lazy("Таблица людей"), error_messages={"required": lazy("Выберите файл")})
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=lazy("Регион"),
        required=False,
        help_text=lazy("Если в таблице нет столбца «Регион»"),
    )

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        far = reach(viewer, today, "import_people")
        regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
        self.fields["region"].queryset = regions.order_by("sort_key")  # type: ignore[attr-defined]
        if len(far.regions) == 1 and not far.country:
            self.fields["region"].initial = next(iter(far.regions))
