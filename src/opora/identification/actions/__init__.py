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
from opora.identification.actions.choosing import choose_participants, drop_choice, fix_school
from opora.identification.actions.publishing import (
    AlreadyPublished,
    CannotPublish,
    agree_list,
    publish_list,
    send_for_agreement,
)
from opora.identification.actions.runs import NoResults, start_run
from opora.identification.actions.trying import CannotKeep, drop_scenario, save_scenario

__all__ = [
    "AlreadyPublished",
    "CannotAmend",
    "CannotKeep",
    "CannotObject",
    "CannotPublish",
    "Grounds",
    "NoResults",
    "agree_list",
    "choose_participants",
    "decide_objection",
    "drop_choice",
    "drop_scenario",
    "exit_school",
    "fix_school",
    "object_to_list",
    "publish_list",
    "replace_school",
    "save_scenario",
    "send_for_agreement",
    "start_run",
]
