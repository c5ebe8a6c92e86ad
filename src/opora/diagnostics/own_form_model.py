"""What is kept of a questionnaire that a territory brought itself."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as lazy


class OwnForm(models.Model):
    """A questionnaire that a region, a municipality or the country brought itself (своя анкета).

    text: as ``questionnaires/reading`` reads it; it never changes once the form is in force, and a new
    edition is another form under another name. rows, not_carried: of the workbook that it came from, for
    whoever mends a draft: where a question stands, and what could not be carried over.
    """

    class State(models.TextChoices):
        DRAFT = "draft", lazy("черновик")
        IN_FORCE = "in_force", lazy("действует")
        WITHDRAWN = "withdrawn", lazy("снята")

    region = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: the country's
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a municipality's own
    name = models.CharField(max_length=60, unique=True)
    title = models.JSONField()  # language → words
    audience = models.CharField(max_length=20, blank=True)  # "": a draft that does not say it yet
    languages = ArrayField(models.CharField(max_length=20))
    minutes = models.PositiveIntegerField(default=0)  # 0: a draft that does not say it yet
    text = models.TextField()
    digest = models.CharField(max_length=64)  # of the text; also the version of what a page showed
    rows = models.JSONField(default=dict)
    not_carried = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="own_form_of_a_municipality_names_its_region",
                condition=models.Q(municipality=None) | models.Q(region__isnull=False),
            ),
            models.CheckConstraint(
                name="own_form_is_called_unlike_those_of_opora",
                condition=models.Q(name__regex=r"^[A-Za-z_][A-Za-z0-9_-]*-own[0-9]+$"),
            ),
            models.CheckConstraint(
                name="own_form_in_force_says_whom_it_asks",
                condition=models.Q(state="draft") | ~models.Q(audience=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_asked_in(self, region: Any, municipality: Any) -> bool:
        """Say whether a survey of a territory lies within that of the questionnaire."""
        if self.municipality_id is not None:
            return municipality is not None and municipality.pk == self.municipality_id
        return self.region_id is None or (region is not None and region.pk == self.region_id)
