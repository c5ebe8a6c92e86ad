"""Forms of results: files with what their names may not say."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as lazy

from opora.accounts.models import User
from opora.registry.access import reach
from opora.registry.models import Region
from opora.results.access import import_regions, visible_mappings
from opora.results.models import SavedMapping
from opora.results.readers.mapping import LARGEST, Mapping, MappingMismatch, mapping_of
from opora.results.reading import Context
from opora.results.uploads import Upload

MOST_FILES = 500


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what arrived is checked by its content, not here."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_FILES:
            message = lazy("Не больше {count} файлов за один раз").format(count=MOST_FILES)
            raise forms.ValidationError(message, code="too_many")
        return list(given)


def _mapping(content: bytes, name: str) -> Mapping:
    try:
        return mapping_of(content, name)
    except MappingMismatch as mismatch:
        raise forms.ValidationError(str(mismatch), code="mapping") from None


def upload_of(file: UploadedFile) -> Upload:
    """Answer an uploaded file: its bytes, or the place where it lies until the request ends."""
    name = file.name or ""
    if isinstance(file, TemporaryUploadedFile):
        return Upload(name, file.size or 0, Path(file.temporary_file_path()))
    return Upload(name, file.size or 0, file.read())


class ImportForm(forms.Form):
    """Files of results, and hints for those that do not name their year, subject, grade or school."""

    files = FilesField(  # type: ignore[assignment]  # the field's name, found as form["files"]
        label=lazy("Файлы результатов"), error_messages={"required": lazy("Выберите хотя бы один файл")}
    )
    region = forms.ModelChoiceField(Region.objects.none(), label=lazy("Регион"), required=False)
    year = forms.IntegerField(label=lazy("Год процедуры"), required=False, min_value=2000, max_value=2100)
    subject = forms.CharField(label=lazy("Предмет"), required=False, max_length=60)
    grade = forms.IntegerField(label=lazy("Класс"), required=False, min_value=1, max_value=12)
    school = forms.CharField(label=lazy("Код школы"), required=False, max_length=13)
    saved_mapping = forms.ModelChoiceField(
        SavedMapping.objects.none(),
        label=lazy("Сохранённое соответствие"),
        required=False,
        empty_label=lazy("не нужно"),
    )
    mapping = forms.FileField(label=lazy("Новое соответствие"), required=False)

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = import_regions(viewer, today)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        self.fields["saved_mapping"].queryset = visible_mappings(viewer, today).order_by("title")  # type: ignore[attr-defined]
        own = list(regions[:2])
        if len(own) == 1 and not reach(viewer, today).country:
            self.fields["region"].initial = own[0].pk
            self.fields["region"].empty_label = None  # type: ignore[attr-defined]

    def has_hints(self) -> bool:
        """Say whether the person gave any hint, so that they stay open to see."""
        return any(self[name].value() for name in ("year", "subject", "grade", "school"))

    def has_mapping(self) -> bool:
        """Say whether the person named a mapping, or there is one to choose."""
        chosen = self["saved_mapping"].value() or self["mapping"].errors
        return bool(chosen) or self.fields["saved_mapping"].queryset.exists()  # type: ignore[attr-defined]

    def clean_mapping(self) -> Mapping | None:
        """Check a mapping file to its last word."""
        given = self.cleaned_data["mapping"]
        return _mapping(given.read(LARGEST + 1), given.name) if given else None

    def mapping_of_files(self) -> Mapping | None:
        """Answer how the files are read: by the file just given, by a saved mapping, or each by itself."""
        told, saved = self.cleaned_data["mapping"], self.cleaned_data["saved_mapping"]
        if told or not saved:
            return told
        return replace(_mapping(saved.text.encode(), saved.title), title=saved.title)

    def context(self) -> Context:
        """Answer what the person says of all files."""
        told = self.cleaned_data
        region = told["region"]
        return Context(
            name="",
            school=told["school"].strip(),
            year=told["year"],
            subject=told["subject"].strip(),
            grade=told["grade"],
            region=region.pk if region else "",
        )

    def uploads(self) -> list[Upload]:
        """Answer the files."""
        return [upload_of(file) for file in self.cleaned_data["files"]]


class TableForm(forms.Form):
    """A table of municipalities or schools."""

    file = forms.FileField(
        label=lazy("Таблица школ или муниципалитетов"), error_messages={"required": lazy("Выберите файл")}
    )
    region = forms.ModelChoiceField(
        Region.objects.none(),
        label=lazy("Регион"),
        required=False,
        help_text=lazy("Если в таблице нет столбца «Регион»"),
    )

    def __init__(self, *args: Any, viewer: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        far = reach(viewer, today, "import_schools")
        regions = Region.objects.all() if far.country else Region.objects.filter(pk__in=far.regions)
        self.fields["region"].queryset = regions.order_by("sort_key")  # type: ignore[attr-defined]
        if len(far.regions) == 1 and not far.country:
            self.fields["region"].initial = next(iter(far.regions))
