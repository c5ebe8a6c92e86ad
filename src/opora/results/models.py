"""What was imported, from which file and by whom; of the file itself only its digest and counts remain."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy

from opora.registry.models import Region
from opora.ui.numbers import moment


class SavedMapping(models.Model):
    """How a table of another system is read (соответствие столбцов), kept so that it can be chosen again."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField()  # YAML, checked before it was kept
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="mapping_has_one_text_in_a_region", fields=["region", "title"], nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.title


class ImportBatch(models.Model):
    """Files that one person brought in one go (загрузка)."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    hints = models.JSONField(default=dict)  # year, subject, grade, school as the person gave them

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(name="batch_by_time", fields=["-at"])]

    def __str__(self) -> str:
        return f"{self.by}, {moment(self.at)}"


class ImportedFile(models.Model):
    """One file of an import: what it was and what became of it. No row and no value of it is kept."""

    class State(models.TextChoices):
        REFUSED = "refused", lazy("не принят")
        ACCEPTED = "accepted", lazy("принят")
        REPEATED = "repeated", lazy("уже загружен")
        WITHDRAWN = "withdrawn", lazy("отозван")

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="files")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=60, blank=True)
    size = models.PositiveBigIntegerField()  # bytes
    rows = models.PositiveIntegerField(default=0)
    schools = models.PositiveIntegerField(default=0)
    outcomes = models.PositiveIntegerField(default=0)
    skipped = models.JSONField(default=dict)  # reason → rows left out
    problems = models.JSONField(default=list)  # sheet, cell, column, what, allowed: never a pupil's value
    notes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="file_counts_once", fields=["digest"], condition=Q(state="accepted")
            ),
            models.CheckConstraint(
                name="withdrawal_names_its_person",
                condition=Q(state="withdrawn", withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_by=None, withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="accepted_file_has_no_problems", condition=~Q(state="accepted") | Q(problems=[])
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(name="file_by_digest", fields=["digest"])]

    def __str__(self) -> str:
        return self.name
