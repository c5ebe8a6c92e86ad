"""What is taken out, and as what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from opora.identification.models import Run
from opora.identification.wording import edition_of, list_title

KINDS = (
    ("xlsx", lazy("Таблица XLSX — чтобы работать с ней дальше")),
    ("pdf", lazy("Документ PDF — чтобы читать и печатать; только школы из перечня")),
    ("docx", lazy("Документ DOCX — чтобы править как приложение к приказу; только школы из перечня")),
    ("json", lazy("Файл JSON — все решения и основания; по нему перечень пересчитывают на другой машине")),
)
ONLY = (("listed", lazy("Школы из перечня")), ("all", lazy("Все школы, которые рассмотрела методика")))


class ExportForm(forms.Form):
    """The kind of the file, the list and which of its schools."""

    kind = forms.ChoiceField(label=lazy("Вид файла"), choices=KINDS, initial="xlsx")
    list = forms.ChoiceField(label=lazy("Перечень"), required=False)
    only = forms.ChoiceField(label=lazy("Какие школы"), choices=ONLY, initial="listed")

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        edition, field = edition_of(run), self.fields["list"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, list_title(edition, name)) for name in run.lists]
        self.fields["list"].initial = run.lists[0]
        if len(run.lists) == 1:
            field.widget = forms.HiddenInput()
