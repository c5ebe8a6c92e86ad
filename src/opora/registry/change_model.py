"""Recorded changes of schools: dated rows that are never rewritten and never deleted.

A row holds all that a page says of a change, names included, and whose it is: ``region``, and every
municipality and school that takes part, so that access can be asked of the row alone.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy

from opora.ui.numbers import day


def ids() -> Any:
    """Answer a column of several schools or municipalities."""
    return ArrayField(models.BigIntegerField(), default=list, blank=True)


class SchoolChange(models.Model):
    """A recorded change of a school or of several (изменение школы): in force from ``on``."""

    class Kind(models.TextChoices):
        MERGE = "merge", lazy("Школы объединены")
        SPLIT = "split", lazy("Школа разделена или из неё выделена новая")
        BRANCH = "branch", lazy("Школа стала филиалом, или открыт филиал")
        INDEPENDENT = "independent", lazy("Филиал стал самостоятельной школой")
        RENAME = "rename", lazy("Школа переименована")
        FOUNDER = "founder", lazy("Сменился учредитель")
        MOVE = "move", lazy("Школа перешла в другой муниципалитет")
        REFORM = "reform", lazy("Муниципалитет стал другим")
        OPEN = "open", lazy("Школа открыта")
        CLOSE = "close", lazy("Школа или филиал закрыты")
        REOPEN = "reopen", lazy("Школа вновь работает")
        VPR_LOGIN = "vpr_login", lazy("Сменился логин ВПР")
        RIS_CODE = "ris_code", lazy("Сменился код в РИС ГИА")
        INN = "inn", lazy("Сменился ИНН")

    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()  # the first day on which it is in force
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="changes"
    )  # whom it changes, or who goes on; empty where nobody does
    main = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # whose branch it became
    ends = ids()  # schools that are no more
    begins = ids()  # schools that are new
    moved = ids()  # schools of a reformed municipality
    schools = ids()  # everybody who takes part
    municipalities = ids()  # where they lie, before and after
    municipality_before = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    municipality_after = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    before = models.CharField(max_length=500, blank=True)  # a name, a founder, a code
    after = models.CharField(max_length=500, blank=True)
    short_before = models.CharField(max_length=200, blank=True)
    short_after = models.CharField(max_length=200, blank=True)
    shares = models.JSONField(default=list, blank=True)  # [[school, share]] of a split's figures
    names = models.JSONField(default=dict, blank=True)  # school → its name on that day
    order_number = models.CharField(max_length=60)
    order_date = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="change_is_of_a_known_kind",
                condition=Q(kind__in=[
                    "merge", "split", "branch", "independent", "rename", "founder", "move", "reform",
                    "open", "close", "reopen", "vpr_login", "ris_code", "inn",
                ]),
            ),
            models.UniqueConstraint(
                name="school_changes_once_a_day_in_a_kind",
                fields=["school", "kind", "on"],
                condition=Q(taken_back_at=None, school__isnull=False),
            ),
            models.UniqueConstraint(
                name="municipality_becomes_another_once",
                fields=["municipality_before"],
                condition=Q(taken_back_at=None, kind="reform"),
            ),
            models.CheckConstraint(name="change_names_its_schools", condition=Q(schools__len__gte=1)),
            models.CheckConstraint(name="change_has_its_order", condition=~Q(order_number="")),
            models.CheckConstraint(
                name="move_names_both_municipalities",
                condition=Q(
                    kind__in=["move", "reform"],
                    municipality_before__isnull=False,
                    municipality_after__isnull=False,
                )
                | (~Q(kind__in=["move", "reform"]) & Q(municipality_before=None, municipality_after=None)),
            ),
            models.CheckConstraint(
                name="taking_back_names_its_person_and_reason",
                condition=Q(taken_back_by=None, taken_back_at=None, taken_back_why="")
                | Q(taken_back_by__isnull=False, taken_back_at__isnull=False) & ~Q(taken_back_why=""),
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(name="change_of_a_region", fields=["region", "on"]),
            GinIndex(name="change_of_a_school", fields=["schools"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {day(self.on)}"

    @property
    def is_taken_back(self) -> bool:
        """Say whether it no longer counts."""
        return self.taken_back_at is not None
