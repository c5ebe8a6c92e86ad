"""What is asked of whoever brings a workbook."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.diagnostics.campaigns.forms import FIRST_MONTH, territories
from opora.diagnostics.own_forms.actions import Place
from opora.diagnostics.own_forms.reading import Mended, brought
from opora.diagnostics.wording import group_of
from opora.language import _
from opora.questionnaires.form import AUDIENCES
from opora.questionnaires.reading import FormError
from opora.questionnaires.xlsform.reading import FromXlsform
from opora.questionnaires.xlsform.sheets import LARGEST_FILE

WORKBOOK = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookForm(forms.Form):
    """A workbook, and whom it asks where it does not say so itself."""

    file = forms.FileField(
        label=lazy("Книга XLSForm (.xlsx)"), widget=forms.FileInput(attrs={"accept": WORKBOOK})
    )
    audience = forms.ChoiceField(
        label=lazy("Кому анкета"),
        required=False,
        help_text=lazy("Если в книге не сказано: столбец opora_audience на листе «settings»."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.faults: tuple[str, ...] = ()  # why the workbook is not taken
        audience: Any = self.fields["audience"]
        audience.choices = [("", _("как сказано в книге")), *((one, group_of(one, ())) for one in AUDIENCES)]

    def read(self) -> FromXlsform | None:
        """Read the workbook. Empty: None, and ``faults`` say why it is not taken."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            said = _("{where}: файл больше {most} МБ").format(
                where=given.name, most=LARGEST_FILE // 1_000_000
            )
            self.faults = (said,)
            return None
        year = self.today.year if self.today.month >= FIRST_MONTH else self.today.year - 1
        try:
            return brought(given.read(), given.name, Mended(self.cleaned_data["audience"], year))
        except FormError as refusal:
            self.faults = refusal.faults
            return None


class BringForm(WorkbookForm):
    """A workbook and the territory whose questionnaire it becomes."""

    place = forms.ChoiceField(label=lazy("Чья анкета"))
    field_order = ("file", "place", "audience")

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self._places = dict(territories(by, today))
        place: Any = self.fields["place"]
        place.choices = [(name, str(one or _("Вся страна"))) for name, one in self._places.items()]
        if len(self._places) == 1:
            place.initial = next(iter(self._places))
            place.widget = forms.HiddenInput()

    @property
    def chosen_place(self) -> Place:
        """Answer the territory that was chosen."""
        return self._places[self.cleaned_data["place"]]
