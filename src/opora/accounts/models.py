"""The person who signs in, and how often something was tried; what one may do stands in the registry."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class People(BaseUserManager["User"]):
    """Finds people by their address however it was typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in (учётная запись) with an e-mail address and a password."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[People] = People()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="email_is_in_lower_case", condition=models.Q(email=Lower("email")) & ~models.Q(email="")
            ),
            models.CheckConstraint(name="person_has_a_name", condition=~models.Q(full_name="")),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """Answer the name as the frame shows it."""
        return self.full_name


class Tries(models.Model):
    """How often something was tried in a window of time (попытки).

    The key is a keyed hash: the table tells nobody whose address was tried.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)  # the end of the window

    def __str__(self) -> str:
        return self.key
