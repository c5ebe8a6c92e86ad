"""When a person last looked into their office: what is newer is news."""

from django.conf import settings
from django.db import models


class Visit(models.Model):
    """The last visit of a person, and the one before it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visit")
    at = models.DateTimeField()
    before = models.DateTimeField(null=True, blank=True)  # the end of the visit before this one

    def __str__(self) -> str:
        return f"{self.person_id}: {self.at}"
