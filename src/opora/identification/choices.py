"""Choices of participants (отбор участников): what was asked, who was fixed by hand and why, who came out."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class ParticipantChoice(models.Model):
    """Schools of a list that are to represent it; made anew whenever somebody fixes a school by hand."""

    run = models.ForeignKey("identification.Run", on_delete=models.PROTECT, related_name="choices")
    territory = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # the run's
    features = models.JSONField(default=list)  # by what schools were compared; empty: kept before this was
    list = models.CharField(max_length=60)
    count = models.PositiveIntegerField()  # schools to choose
    asked = models.JSONField(default=dict)  # least, most, rural, kinds: numbers of the quotas that are asked
    fixed = models.JSONField(default=dict)  # school's number → {"way": "in" or "out", "reason"}
    chosen = models.JSONField()  # numbers of the schools
    objective = models.BigIntegerField()  # ten-thousandths of a standard deviation, all candidates together
    bound = models.BigIntegerField()  # no choice has a smaller objective
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="choice_takes_somebody", condition=models.Q(count__gt=0)),
            models.CheckConstraint(
                name="choice_is_not_below_its_bound",
                condition=models.Q(objective__gte=models.F("bound"), bound__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.count}"
