"""Who acts for whom: appointments, the orders that make and end them, and deputies.

Rows of these tables are ended and never deleted; triggers in the migration hold it, and that an appointment
changes in nothing but its end. Overlaps are refused there too, by exclusion constraints.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as lazy

from opora.registry.roles import Role as RoleOfAppointment
from opora.registry.roles import has_the_place_of_its_role


class Order(models.Model):
    """The document that appoints or dismisses people (приказ): number, day and, if there is one, its file."""

    number = models.CharField(max_length=50)
    day = models.DateField()
    # Whose it is; all empty is the country.
    region = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of the file, where it lies; "" without a file
    size = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="order_is_kept_once",
                fields=["number", "day", "region", "municipality", "school"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="order_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="order_file_is_named", condition=Q(digest="", file_name="") | ~Q(digest="", file_name="")
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"


class Appointment(models.Model):
    """Who acts in what role, where and when (назначение): what a person sees follows from these."""

    Role = RoleOfAppointment

    class State(models.TextChoices):
        AHEAD = "ahead", lazy("ещё не началось")
        IN_FORCE = "in_force", lazy("действует")
        ENDED = "ended", lazy("завершено")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(max_length=25, choices=RoleOfAppointment)
    region = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    subject = models.CharField(max_length=60, blank=True)  # of a methodist: the word of results' subjects
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments"
    )
    end_reason = models.CharField(max_length=300, blank=True)  # told when it was ended by a deed
    end_order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="ends")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="appointment_has_the_place_of_its_role", condition=has_the_place_of_its_role()
            ),
            models.CheckConstraint(
                name="appointment_ends_after_it_begins",
                condition=Q(until__isnull=True)
                | Q(until__gte=F("since"))
                # One that is called off before its first day ends on the day before.
                | (~Q(end_reason="") & Q(until=ExpressionWrapper(F("since") - Value(1), models.DateField()))),
            ),
            models.CheckConstraint(
                name="only_a_methodist_has_a_subject", condition=Q(subject="") | Q(role="methodist")
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="appointment_by_end", fields=["until"], condition=Q(until__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class Deputyship(models.Model):
    """Who acts in somebody's appointment for a time (заместитель), with its rights and in its name.

    The place is that of the appointment, so that a rule of the database can speak of it; a trigger holds it.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="deputyships")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputyships")
    since = models.DateField()
    until = models.DateField()  # the last day
    region = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(
        "registry.School", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="deputyship_ends_after_it_begins",
                condition=Q(until__gte=F("since"))
                | (
                    Q(ended_by__isnull=False)
                    & Q(until=ExpressionWrapper(F("since") - Value(1), models.DateField()))
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.deputy} / {self.appointment_id}"
