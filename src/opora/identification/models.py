"""Runs of an edition over the results, the verdicts of each run and the evidence behind every one of them.

A list is made as a draft, shown to its schools and municipalities for objections, agreed and published by an
order (``states.py``); what people change in it by hand lies in ``amended.py``, what they try lies in
``scenarios.py``, the schools that are chosen to take part in ``choices.py``.

A verdict keeps the school's place and name as they were on the day of the run: a list that was signed does
not change because a school was renamed. Verdicts are narrow on purpose, evidence lies apart: a list reads
tens of thousands of the first, and a school's page one of the second.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from opora.identification.amended import Amendment, Objection
from opora.identification.choices import ParticipantChoice
from opora.identification.scenarios import Scenario
from opora.identification.states import State as StateOfRun
from opora.registry.models import Municipality, Region, School

__all__ = [
    "Amendment",
    "Evidence",
    "Objection",
    "ParticipantChoice",
    "PlaceCount",
    "Run",
    "Scenario",
    "Verdict",
]


class Run(models.Model):
    """One application of an edition to results (прогон); published, it is a list (перечень)."""

    State = StateOfRun

    title = models.CharField(max_length=200)
    edition = models.CharField(max_length=100)  # its name
    edition_title = models.CharField(max_length=300)
    edition_text = models.TextField()  # as it stood on the day of the run
    edition_digest = models.CharField(max_length=64)
    edition_status = models.CharField(max_length=20)  # official text, reconstructed, Opora default
    years = models.JSONField()  # list of years
    content = models.CharField(max_length=64)  # of the store's content and of the registry of that day
    result = models.CharField(max_length=64, blank=True)  # digest of all that was made of it
    territory = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    options = models.JSONField(default=dict)  # what the person set besides the edition
    changes = models.JSONField(default=dict)  # other numbers than the edition's, as ``identify`` takes them
    unstable_below = models.FloatField()  # 0–1: a stability under it is called unstable
    lists = models.JSONField(default=list)  # [{"key", "title"}] in the edition's order
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    objections_until = models.DateField(null=True, blank=True)  # the last day; empty: nobody was asked
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    order_number = models.CharField(max_length=60, blank=True)
    order_date = models.DateField(null=True, blank=True)
    order_file = models.CharField(max_length=200, blank=True)  # its name
    order_digest = models.CharField(max_length=64, blank=True)  # where it lies; "" without a file
    valid_until = models.DateField(null=True, blank=True)  # the last day of the list's term; empty: open

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="list_is_shown_and_agreed_in_order",
                condition=Q(state="draft", objections_until=None, agreed_by=None, agreed_at=None)
                | Q(state="review", objections_until__isnull=False, agreed_by=None, agreed_at=None)
                | Q(state="agreed", agreed_by__isnull=False, agreed_at__isnull=False)
                | Q(state="published"),
            ),
            models.CheckConstraint(
                name="published_list_has_its_order",
                condition=Q(state__in=["draft", "review", "agreed"], published_by=None, published_at=None)
                & Q(order_number="", order_date=None, order_digest="", valid_until=None)
                | Q(
                    state="published",
                    published_by__isnull=False,
                    published_at__isnull=False,
                    order_date__isnull=False,
                )
                & ~Q(order_number=""),
            ),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(name="run_by_state", fields=["state", "-published_at"])]

    def __str__(self) -> str:
        return self.title


class Verdict(models.Model):
    """What one run says of one school for one list (решение)."""

    pk = models.CompositePrimaryKey("run_id", "list", "school_id")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="verdicts", db_index=False)
    list = models.CharField(max_length=60)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="verdicts")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    sort_key = models.TextField()  # the school's, on the day of the run
    search_key = models.TextField()  # words of the school and its municipality: a search reads one table
    rural = models.BooleanField()
    by_rule = models.BooleanField()  # the rule puts the school on the list
    listed = models.BooleanField()  # it is on the list: as the rule says, unless an amendment says otherwise
    excluded = models.CharField(max_length=300, blank=True)  # why the rule does not look at this school
    branch = models.CharField(max_length=200, blank=True)  # the branch of the rule that decided, in words
    failed = models.PositiveSmallIntegerField()
    counted = models.PositiveSmallIntegerField()
    stability = models.FloatField(null=True)  # 0–1: probability that the verdict stands; empty: not computed
    unstable = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="failed_are_among_counted", condition=Q(failed__lte=F("counted"))),
            models.CheckConstraint(
                name="stability_is_a_probability",
                condition=Q(stability__isnull=True) | Q(stability__gte=0, stability__lte=1),
            ),
            models.CheckConstraint(
                name="excluded_school_is_not_listed",
                condition=Q(excluded="") | Q(listed=False, by_rule=False),
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="verdict_by_name", fields=["run", "list", "listed", "sort_key", "school"]),
            models.Index(name="verdict_of_all", fields=["run", "list", "sort_key", "school"]),
            models.Index(name="verdict_by_region", fields=["run", "list", "region", "sort_key", "school"]),
            models.Index(
                name="verdict_by_stability", fields=["run", "list", "stability", "sort_key", "school"]
            ),
            models.Index(name="verdict_by_failed", fields=["run", "list", "-failed", "sort_key", "school"]),
            models.Index(name="verdict_by_municipality", fields=["run", "list", "municipality", "sort_key"]),
            models.Index(
                name="verdict_counts",
                fields=["run", "list", "region"],
                include=["municipality", "school", "listed", "unstable", "rural", "failed"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.list}/{self.school_id}"


class PlaceCount(models.Model):
    """How many schools of a municipality a run looked at and put on a list (счёт по месту).

    Whoever sees a part of the country adds up the counts of that part, and learns of no other.
    """

    pk = models.CompositePrimaryKey("run_id", "list", "municipality_id")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="counts", db_index=False)
    list = models.CharField(max_length=60, blank=True)  # "": a school on several lists is counted once
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+", db_index=False)
    schools = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    unstable = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="counted_schools_are_among_all",
                condition=Q(listed__lte=F("schools"), unstable__lte=F("schools")),
            )
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="count_by_region", fields=["run", "list", "region"])
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.list}/{self.municipality_id}"


class Evidence(models.Model):
    """The outcomes that a verdict rests on (основание), one compact row each, in the run's own order."""

    pk = models.CompositePrimaryKey("run_id", "list", "school_id")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="evidence", db_index=False)
    list = models.CharField(max_length=60)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", db_index=False)
    rows = models.JSONField()

    def __str__(self) -> str:
        return f"{self.run_id}/{self.list}/{self.school_id}"
