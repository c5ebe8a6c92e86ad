"""The words of a page that holds one small form."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Words:
    """What a page with one form says: heading, lead, button, and where one goes instead."""

    heading: str | Promise
    button: str | Promise
    lead: str | Promise = ""
    back: str = "accounts:security"
    is_grave: bool = False


class Spoken:
    """A view whose page is one form with its words."""

    words: Words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the page its words."""
        return super().get_context_data(**kwargs) | {"words": self.words}  # type: ignore[misc]
