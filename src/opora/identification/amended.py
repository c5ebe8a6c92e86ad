"""How people change what the rule made: objections of schools, and amendments of a list by a decision.

A verdict keeps both: what the rule says (``by_rule``) and whether the school is on the list (``listed``).
They differ only where an amendment stands, and each amendment names its reason, its person and, once the
list is published, its order. Nothing here is ever deleted.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy


class OfSchoolOnList(models.Model):
    """What belongs to one school on one list of a run; its place is that of the day of the run."""

    run = models.ForeignKey("identification.Run", on_delete=models.PROTECT, related_name="%(class)ss")
    list = models.CharField(max_length=60)
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+", db_index=False)
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Objection(OfSchoolOnList):
    """A school does not agree that it is on a list, and says why (возражение); somebody decides on it."""

    class State(models.TextChoices):
        WAITING = "waiting", lazy("ждёт решения")
        ACCEPTED = "accepted", lazy("принято")
        DECLINED = "declined", lazy("отклонено")

    reasons = models.TextField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField(blank=True)  # why it was accepted or declined
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_objection_of_a_school_waits",
                fields=["run", "list", "school"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="objection_is_decided_with_an_answer",
                condition=Q(state="waiting", answer="", decided_by=None, decided_at=None)
                | Q(state__in=["accepted", "declined"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.list}/{self.school_id}"


class Amendment(OfSchoolOnList):
    """A decision by which a school leaves a list or joins it (изменение перечня)."""

    class Kind(models.TextChoices):
        OBJECTION = "objection", lazy("возражение принято")
        REPLACEMENT = "replacement", lazy("замена")
        EXIT = "exit", lazy("выход из перечня")

    kind = models.CharField(max_length=12, choices=Kind)
    joins = models.BooleanField()  # the school is put on the list; else it is taken off
    other = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the school that it replaces, or that replaces it
    objection = models.OneToOneField(
        Objection, on_delete=models.PROTECT, null=True, blank=True, related_name="amendment"
    )
    reason = models.TextField()
    order_number = models.CharField(max_length=60, blank=True)  # "" before the list has its own order
    order_date = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="amendment_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="amendment_names_what_it_is_of",
                condition=Q(kind="objection", joins=False, other=None, objection__isnull=False)
                | Q(kind="replacement", other__isnull=False, objection=None)
                | Q(kind="exit", joins=False, other=None, objection=None),
            ),
            models.CheckConstraint(
                name="amendment_order_has_number_and_date",
                condition=Q(order_number="", order_date=None)
                | ~Q(order_number="") & Q(order_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.list}/{self.school_id}"
