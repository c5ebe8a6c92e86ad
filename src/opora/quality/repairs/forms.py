"""What is asked of a repair: a deed or a reason, a proof, words that send it back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.quality.models import LONGEST, SHORT, Repair
from opora.quality.repairs.actions import Planned, Proof

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _words(**told: Any) -> forms.CharField:
    return forms.CharField(
        max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 3}), **told
    )


class RepairForm(forms.Form):
    """A row as the school writes it; what lacks is said by the deed."""

    what = _words(label=lazy("Что сделаем"))
    who = forms.CharField(
        label=lazy("Кто отвечает"),
        max_length=SHORT,
        required=False,
        help_text=lazy("Должность из администрации, без имени: «заместитель директора»."),
    )
    due_on = forms.DateField(label=lazy("Срок"), required=False, widget=Day)
    why_not = _words(
        label=lazy("Или почему меры не будет"),
        help_text=lazy("Заполните только это поле, если исправлять решено не сейчас."),
    )

    @property
    def planned(self) -> Planned:
        """Answer the row as the action takes it."""
        return Planned(**self.cleaned_data)

    @classmethod
    def of(cls, row: Repair) -> "RepairForm":
        """Answer the form filled with a row."""
        return cls(initial={name: getattr(row, name) for name in cls.base_fields})


class ProofForm(forms.Form):
    """What shows that a repair is done."""

    proof = _words(
        label=lazy("Чем подтверждается"), help_text=lazy("Несколько слов: что сделано и где видно.")
    )
    proof_title = forms.CharField(label=lazy("Документ"), max_length=SHORT, required=False)
    proof_link = forms.CharField(
        label=lazy("Ссылка"), max_length=500, required=False, help_text=lazy("Начинается с https://")
    )

    @property
    def told(self) -> Proof:
        """Answer the proof as the action takes it."""
        given = self.cleaned_data
        return Proof(given["proof"], given["proof_title"], given["proof_link"])


class ReturnForm(forms.Form):
    """Words that send a row back."""

    words = _words(label=lazy("Что изменить"))
