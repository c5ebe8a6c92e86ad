"""What is asked of a new campaign and of a school's invitations."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.diagnostics.access import forms_to_ask, schools_to_ask
from opora.diagnostics.campaigns.actions import MOST_CODES, Asked
from opora.diagnostics.models import Campaign
from opora.diagnostics.numbers import AWAKE_FROM, AWAKE_UNTIL, DEFAULT_PROFILE, ENOUGH, REMINDS
from opora.diagnostics.own_form_model import OwnForm
from opora.diagnostics.questionnaires import load
from opora.diagnostics.wording import form_title, place_name
from opora.identification.access import visible_runs
from opora.identification.models import Run, Verdict
from opora.identification.wording import edition_of, list_title
from opora.language import _
from opora.methodology.risk_profile.reading import load_edition, shipped_editions
from opora.questionnaires.editions import shipped
from opora.questionnaires.form import AUDIENCES
from opora.registry.access import reach
from opora.registry.models import Municipality, Region, School

WEEKS = 2  # that a campaign lasts unless told otherwise
FIRST_MONTH = 8  # a school year is spoken of as new from August on
MOST_REMINDERS, EARLIEST = 5, 60  # of one survey; days before its last one
Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DaysBefore(forms.Field):
    """Days before the last one, written one after another: «7, 2»; nothing: none."""

    def to_python(self, value: Any) -> tuple[int, ...]:
        """Read the days. Raises: ValidationError."""
        parts = str(value or "").replace(",", " ").replace(";", " ").split()
        if len(parts) > MOST_REMINDERS or not all(
            part.isdecimal() and 1 <= int(part[:4]) <= EARLIEST for part in parts
        ):
            raise forms.ValidationError(
                _("Напишите не больше {many} чисел от 1 до {most} через запятую, например: 7, 2").format(
                    many=MOST_REMINDERS, most=EARLIEST
                )
            )
        return tuple(sorted({int(part) for part in parts}, reverse=True))


class CampaignForm(forms.Form):
    """A new campaign: where, which schools, which questionnaires, from when to when."""

    title = forms.CharField(label=lazy("Название"), max_length=200)
    place = forms.ChoiceField(label=lazy("Территория"))
    schools = forms.ChoiceField(label=lazy("Какие школы"))
    forms_asked = forms.MultipleChoiceField(
        label=lazy("Анкеты"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Выберите хотя бы одну анкету")},
    )
    profile = forms.ChoiceField(
        label=lazy("Рисковый профиль"),
        help_text=lazy("По какой редакции ответы складываются в рисковые факторы, когда опрос завершится."),
    )
    levels = forms.ChoiceField(
        label=lazy("Уровни факторов: сравнивать"),
        choices=Campaign.Levels.choices,
        help_text=lazy(
            "С порогами уровень не зависит от других школ. Среди школ высоким будет верхняя треть, каким бы "
            "ни было значение; школ с данными нужно не меньше десяти."
        ),
    )
    opens_on = forms.DateField(label=lazy("Первый день"), widget=Day)
    closes_on = forms.DateField(label=lazy("Последний день"), widget=Day)
    reminds = DaysBefore(label=lazy("За сколько дней до конца напомнить школам"), required=False)

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.today = by, today
        self._places = dict(territories(by, today))
        self._choose("place", [(name, str(place or _("Вся страна"))) for name, place in self._places.items()])
        self._choose("schools", [("all", _("все школы территории")), *_lists(by, today)])
        own = list(forms_to_ask(by, today).select_related("region", "municipality"))
        self._choose("forms_asked", form_choices(own))
        if own:
            self.fields["forms_asked"].help_text = _(
                "Ответы на свои анкеты в рисковый профиль не входят: редакция профиля знает только вопросы "
                "анкет Опоры."
            )
        editions = [load_edition(name) for name in shipped_editions()]
        self._choose("profile", [(one.name, str(one.title)) for one in editions])
        self.fields["profile"].initial = DEFAULT_PROFILE
        self.fields["reminds"].initial = ", ".join(str(one) for one in REMINDS)
        self.fields["reminds"].help_text = _(
            "Письмо получат директор и команда школы, где в какой-нибудь группе не ответил никто или "
            "ответили меньше {enough} % приглашённых, — с {first} до {last} часов по времени школы. "
            "Пусто: не напоминать."
        ).format(enough=ENOUGH, first=AWAKE_FROM, last=AWAKE_UNTIL)
        self.fields["opens_on"].initial = today
        self.fields["closes_on"].initial = today + timedelta(weeks=WEEKS)
        if len(self._places) == 1:
            self.fields["place"].initial = next(iter(self._places))
            self.fields["place"].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse days that are the wrong way round, at the day that is wrong."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("opens_on"), given.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("Последний день раньше первого"))
        return given

    @property
    def asked(self) -> Asked:
        """Answer the campaign as the action takes it."""
        given, place = self.cleaned_data, self._places[self.cleaned_data["place"]]
        first: date = given["opens_on"]
        return Asked(
            title=given["title"],
            year=first.year if first.month >= FIRST_MONTH else first.year - 1,
            forms=tuple(given["forms_asked"]),
            opens_on=first,
            closes_on=given["closes_on"],
            region=place.region if isinstance(place, Municipality) else place,
            municipality=place if isinstance(place, Municipality) else None,
            profile=given["profile"],
            levels=given["levels"],
            reminds=given["reminds"],
        )

    @property
    def chosen(self) -> QuerySet[School]:
        """Answer the schools that were chosen, those of the chosen territory."""
        place, which = self._places[self.cleaned_data["place"]], self.cleaned_data["schools"]
        found = schools_to_ask(self.by, self.today)
        if isinstance(place, Municipality):
            found = found.filter(municipality=place)
        elif place:
            found = found.filter(region=place)
        if which == "all":
            return found
        run, _colon, name = which.partition(":")
        listed = Verdict.objects.filter(run=int(run), list=name, listed=True)
        return found.filter(pk__in=listed.values("school"))


def form_choices(own: Iterable[OwnForm]) -> list[tuple[str, str]]:
    """Name the questionnaires to choose from: by whom they ask, those of Opora first."""
    told = {name: form_title(name) for name in shipped()}
    for one in own:
        said = _("{title} (своя анкета: {place})")
        told[one.name] = said.format(title=form_title(one.name), place=place_name(one))
    return sorted(told.items(), key=lambda choice: AUDIENCES.index(load(choice[0]).audience))


def territories(by: User, today: date) -> Iterator[tuple[str, Region | Municipality | None]]:
    """Answer where somebody runs surveys: the whole country, regions, municipalities."""
    far = reach(by, today, "run_surveys")
    if far.country:
        yield "country", None
    regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
    for region in regions.order_by("name"):
        yield f"region:{region.pk}", region
    for one in Municipality.objects.filter(pk__in=far.municipalities).select_related("region"):
        yield f"municipality:{one.pk}", one


def _lists(by: User, today: date) -> Iterator[tuple[str, str]]:
    published = visible_runs(by, today).filter(state=Run.State.PUBLISHED)[:20]
    for run in published:
        edition = edition_of(run)
        for name in run.lists:
            said = _("из перечня «{title}»: {list}")
            yield f"{run.pk}:{name}", said.format(title=run.title, list=list_title(edition, name))


class InvitedForm(forms.Form):
    """How many people are asked, or how many codes are to be made."""

    count = forms.IntegerField(label=lazy("Сколько"), min_value=1, max_value=MOST_CODES)
