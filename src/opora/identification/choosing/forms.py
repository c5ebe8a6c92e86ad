"""What is asked of a choice of participants, and a school that is fixed by hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.identification.models import Run
from opora.identification.wording import edition_of, list_title

MOST = 10_000
WAYS = (("in", lazy("взять")), ("out", lazy("не брать")), ("free", lazy("снова свободна")))


def _number(label: Any, **told: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST, **told)


class ChoiceForm(forms.Form):
    """How many schools, of which list, under which quotas."""

    list = forms.ChoiceField(label=lazy("Перечень"), required=False)
    count = forms.IntegerField(label=lazy("Сколько школ отобрать"), min_value=1, max_value=MOST)
    least = _number(lazy("Из каждого муниципалитета не меньше"))
    most = _number(lazy("Из каждого муниципалитета не больше"))
    rural = _number(lazy("Сельских школ не меньше"))
    kinds = _number(lazy("Школ каждого вида не меньше"))

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition, field = edition_of(run), self.fields["list"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, list_title(edition, name)) for name in run.lists]
        field.initial = run.lists[0]
        if len(run.lists) == 1:
            field.widget = forms.HiddenInput()

    @property
    def asked(self) -> dict[str, int]:
        """Answer the quotas that are asked, by their names; those left open are not there."""
        given = self.cleaned_data
        return {name: given[name] for name in ("least", "most", "rural", "kinds") if given[name] is not None}


class FixForm(forms.Form):
    """A school taken or not taken by hand, and why."""

    school = forms.IntegerField(widget=forms.HiddenInput)
    way = forms.ChoiceField(choices=WAYS)
    reason = forms.CharField(max_length=300, required=False)
