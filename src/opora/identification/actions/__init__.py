"""Deeds of identification: the only place that writes it."""

from opora.identification.actions.amending import (
    CannotAmend,
    CannotObject,
    Grounds,
    decide_objection,
    exit_school,
    object_to_list,
    replace_school,
)
from opora.identification.actions.publishing import (
    AlreadyPublished,
    CannotPublish,
    agree_list,
    publish_list,
    send_for_agreement,
)
from opora.identification.actions.runs import NoResults, start_run

__all__ = [
    "AlreadyPublished",
    "CannotAmend",
    "CannotObject",
    "CannotPublish",
    "Grounds",
    "NoResults",
    "agree_list",
    "decide_objection",
    "exit_school",
    "object_to_list",
    "publish_list",
    "replace_school",
    "send_for_agreement",
    "start_run",
]
