"""The life of a list (состояния перечня): what follows what, and what is missing for the next step."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as lazy


class State(TextChoices):
    """Where a run stands on its way to a valid list."""

    DRAFT = "draft", lazy("черновик")
    REVIEW = "review", lazy("на согласовании")
    AGREED = "agreed", lazy("согласован")
    PUBLISHED = "published", lazy("утверждён")


# State → the states that may follow it. Nothing leads back: another list is another run.
NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.REVIEW, State.AGREED}),
    State.REVIEW: frozenset({State.AGREED}),
    State.AGREED: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset(),
}

OBJECTED = frozenset({State.REVIEW, State.PUBLISHED})  # a school on the list may object
AMENDED = frozenset({State.REVIEW, State.AGREED, State.PUBLISHED})  # a decision may change the list
SHOWN = frozenset({State.REVIEW, State.AGREED})  # those concerned see it before its order


def may_follow(now: str, then: State) -> bool:
    """Say whether a list may go from one state to another."""
    return then in NEXT[State(now)]
