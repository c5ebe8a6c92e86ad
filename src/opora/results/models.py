"""What was imported, from which file and by whom; of the file itself only its digest and counts remain."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
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


class DeskFile(models.Model):
    """A file on somebody's import desk (файл на столе): on its way, waiting, being read, or what came of it.

    Its bytes lie in the spool under ``key`` until they are read. The row is forgotten two days later.
    """

    class State(models.TextChoices):
        SENDING = "sending", lazy("отправляется")
        QUEUED = "queued", lazy("в очереди")
        READING = "reading", lazy("читается")
        READ = "read", lazy("прочитан")
        UNKNOWN = "unknown", lazy("не узнан")
        FAILED = "failed", lazy("не прочитан")

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(default=timezone.now)  # when it last went on
    key = models.CharField(max_length=32, unique=True)  # cannot be guessed
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()  # bytes
    modified = models.BigIntegerField()  # milliseconds, as the person's browser says
    received = models.PositiveBigIntegerField(default=0)
    hints = models.JSONField(default=dict)  # region, year, subject, grade, school, saved_mapping
    role = models.CharField(max_length=40, blank=True)  # in which the person acted
    language = models.CharField(max_length=8, default="ru")  # of what is said of the file
    format = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENDING)
    problem = models.JSONField(default=dict)  # why it was not read: what, allowed
    beside = models.JSONField(default=list)  # results that another file tells, too: counts of schools
    tries = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="file_is_sent_once",
                fields=["by", "name", "size", "modified"],
                condition=Q(state="sending"),
            ),
            models.CheckConstraint(name="no_more_came_than_was_told", condition=Q(received__lte=F("size"))),
            models.CheckConstraint(
                name="what_was_read_names_its_file",
                condition=Q(state="read", file__isnull=False) | (~Q(state="read") & Q(file=None)),
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="desk_of_a_person", fields=["by", "-touched_at"]),
            models.Index(
                name="desk_waiting", fields=["id"], condition=Q(state__in=["sending", "queued", "reading"])
            ),
        ]

    def __str__(self) -> str:
        return self.name
