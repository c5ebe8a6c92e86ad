"""What quality checks keep: a check, a sheet for each school with its two parts, planned repairs."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as lazy

LONGEST = 2_000  # characters of a reason, a proof, a conclusion
SHORT = 300  # of a title, of a post


class QualityCheck(models.Model):
    """A check of schools' own quality assessment (проверка ВСОКО): which check-list, where, until when."""

    class State(models.TextChoices):
        OPEN = "open", lazy("идёт")
        CLOSED = "closed", lazy("завершена")

    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: the whole region's
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()  # the first of the school year
    checklist = models.CharField(max_length=60)
    checklist_digest = models.CharField(max_length=64)
    order_number = models.CharField(max_length=50, blank=True)  # by which it is held, if there is one
    order_date = models.DateField(null=True, blank=True)
    fill_until = models.DateField()  # the schools' own sheets
    check_until = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="check_ends_after_sheets_are_filled",
                condition=models.Q(check_until__gte=models.F("fill_until")),
            ),
            models.CheckConstraint(
                name="check_closed_has_its_day",
                condition=models.Q(state="closed", closed_on__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CheckSheet(models.Model):
    """The sheet of one school in a check (лист проверки)."""

    quality_check = models.ForeignKey(QualityCheck, on_delete=models.PROTECT, related_name="sheets")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="quality_sheets")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="sheet_once_in_a_check", fields=["quality_check", "school"])
        ]

    def __str__(self) -> str:
        return f"{self.quality_check_id}: {self.school_id}"

    @property
    def address(self) -> str:
        """Answer where the sheet is read."""
        return reverse("quality:sheet", args=(self.quality_check_id, self.school_id))


class SheetPart(models.Model):
    """What one side writes on a sheet: the school its self-assessment, the municipality what it found.

    answers: criterion → the fields of an answer or of a finding. versions: section → of what a page showed,
    so that of two people at once in one section the second is told. version: of the whole.
    A signed part is changed no more until its signature is taken back.
    """

    class Side(models.TextChoices):
        SCHOOL = "school", lazy("школа")
        MUNICIPALITY = "municipality", lazy("муниципалитет")

    sheet = models.ForeignKey(CheckSheet, on_delete=models.PROTECT, related_name="parts")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=12, choices=Side)
    answers = models.JSONField(default=dict)
    versions = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    conclusion = models.TextField(blank=True)  # the municipality's words on the whole
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="part_once_a_side", fields=["sheet", "side"]),
            models.CheckConstraint(
                name="part_signed_by_somebody",
                condition=models.Q(signed_at=None, signed_by=None)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="part_concluded_by_the_municipality",
                condition=models.Q(side="municipality") | models.Q(conclusion=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id}, {self.side}"


class Repair(models.Model):
    """A row of a school's plan of repairs (план исправлений): what is done about a criterion, or why nothing.

    remark: the municipality's words where it sent the row back. Its states and moves: ``repairs/regulation``.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", lazy("на согласовании")
        RETURNED = "returned", lazy("возвращено")
        AGREED = "agreed", lazy("согласовано")
        DONE = "done", lazy("выполнено")

    sheet = models.ForeignKey(CheckSheet, on_delete=models.PROTECT, related_name="repairs")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=60)
    what = models.TextField(blank=True)
    who = models.CharField(max_length=SHORT, blank=True)  # a post, not a name
    due_on = models.DateField(null=True, blank=True)
    why_not = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    remark = models.TextField(blank=True)
    proof = models.TextField(blank=True)
    proof_title = models.CharField(max_length=SHORT, blank=True)
    proof_link = models.CharField(max_length=500, blank=True)
    done_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="repair_is_a_deed_or_a_reason",
                condition=(
                    models.Q(why_not="", due_on__isnull=False) & ~models.Q(what="") & ~models.Q(who="")
                )
                | (models.Q(what="", who="", due_on=None) & ~models.Q(why_not="")),
            ),
            models.CheckConstraint(
                name="repair_done_has_its_day",
                condition=models.Q(state="done", done_on__isnull=False)
                | (~models.Q(state="done") & models.Q(done_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.what or self.why_not
