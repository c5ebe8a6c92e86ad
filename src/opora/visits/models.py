"""What visits keep: a visit, what was told of it record by record, and the photos that records name."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as lazy


class Visit(models.Model):
    """A visit of a curator to a school (визит): planned, then done or cancelled with a reason.

    campaign: whose risk profile is checked at the visit; none: no profile. by: who planned it.
    """

    class State(models.TextChoices):
        PLANNED = "planned", lazy("запланирован")
        DONE = "done", lazy("состоялся")
        CANCELLED = "cancelled", lazy("отменён")

    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="visits")
    campaign = models.ForeignKey(
        "diagnostics.Campaign", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purpose = models.CharField(max_length=500)
    planned_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # marked as done or cancelled
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["planned_on", "pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="visit_cancelled_with_a_reason",
                condition=(models.Q(state="cancelled") & ~models.Q(reason=""))
                | (~models.Q(state="cancelled") & models.Q(reason="")),
            ),
            models.CheckConstraint(
                name="visit_ended_has_its_moment",
                condition=models.Q(state="planned", ended_at=None)
                | (~models.Q(state="planned") & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_id}, {self.planned_on}"


class VisitRecord(models.Model):
    """One thing told of a visit (запись визита), only ever added; the database refuses to change one.

    canonical: the record word for word, as its digest was made (``protocol/canonical.py``); kind and told_at
    are read from it. told_at: by the device's clock. by: in whose name it was sent.
    """

    uuid = models.UUIDField(primary_key=True)  # made on the device
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="records")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    canonical = models.TextField()
    digest = models.CharField(max_length=64)
    device = models.CharField(max_length=40)
    told_at = models.DateTimeField()
    received_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["received_at", "uuid"]

    def __str__(self) -> str:
        return str(self.uuid)


class VisitPhoto(models.Model):
    """A photo that a record of the visit names (фотография визита); the file lies in the data folder.

    digest: of the file as the device had it, by which records name it. kept: of the file that is kept,
    without what the camera had added. Gone when no record names it any more.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    kept = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="photo_once_in_a_visit", fields=["visit", "digest"])
        ]

    def __str__(self) -> str:
        return self.digest
