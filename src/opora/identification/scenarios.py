"""Saved scenarios (сценарии): other numbers for a run's rule, with what they made of its list."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Scenario(models.Model):
    """Numbers that somebody tried and kept; inputs and edition are the run's, so its counts stay true."""

    run = models.ForeignKey("identification.Run", on_delete=models.PROTECT, related_name="scenarios")
    territory = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the run's
    title = models.CharField(max_length=100)
    list = models.CharField(max_length=60)
    changes = models.JSONField()  # parameter → {"value", "comparison"}, as ``identify`` takes them
    years = models.JSONField()  # list of years
    listed = models.IntegerField()
    entered = models.IntegerField()  # of them not on the run's list
    left = models.IntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="scenario_title_once_a_run", fields=["run", "title"]),
            models.CheckConstraint(name="scenario_has_a_title", condition=~models.Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title
