"""Fields that forms of several rooms share: a day, lines of text, the file of an order."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.registry.orders import LARGEST, OrderFile, OrderRefused, checked


class Day(forms.DateField):
    """A day, chosen or written."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d", "%d.%m.%Y"], **kwargs)


def lines(rows: int = 3) -> forms.Textarea:
    """Answer a field of several lines."""
    return forms.Textarea(attrs={"rows": rows})


class OrderFileField(forms.FileField):
    """The file of an order, told by its content; empty: None."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"label": lazy("Файл приказа"), "help_text": lazy("PDF, JPG, PNG, DOCX или ODT, до 10 МБ")}
        super().__init__(required=False, **told | kwargs)

    def clean(self, data: Any, initial: Any = None) -> OrderFile | None:
        """Take a file that may be an order."""
        given = super().clean(data, initial)
        if not given:
            return None
        try:
            return checked(given.name, given.read(LARGEST + 1))
        except OrderRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
