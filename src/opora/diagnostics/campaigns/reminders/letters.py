"""Letters to schools that are reminded: written by the worker, at a time of day that disturbs nobody."""

import logging
from datetime import datetime, timedelta
from threading import Event

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from opora.diagnostics.campaigns.reminders.actions import note_written, remind_on_its_day
from opora.diagnostics.campaigns.reminders.query import readers_of, standing_of
from opora.diagnostics.campaigns.reminders.rule import may_write
from opora.diagnostics.models import Campaign, Reminder
from opora.language import _
from opora.lib.faults import told

PAUSE = 300.0  # seconds between looks
TOO_OLD = timedelta(days=2)  # a letter that could not go out so long says nothing new

log = logging.getLogger(__name__)


def remind_due() -> None:
    """Remind of every campaign whose day has come. A fault of one keeps no other."""
    today = timezone.localdate()
    for campaign in Campaign.objects.filter(state=Campaign.State.OPEN, closes_on__gte=today).order_by("pk"):
        try:
            remind_on_its_day(campaign, today)
        except Exception as fault:
            log.error("schools are not reminded of campaign %s\n%s", campaign.pk, told(fault, words=False))
            connection.close()


def write_waiting(now: datetime) -> int:
    """Write the letters that wait where it is day; answer how many. What a mail server refuses waits on."""
    waiting = Reminder.objects.filter(written_at=None, on__gte=timezone.localdate(now) - TOO_OLD)
    made = 0
    for one in waiting.select_related("campaign", "school", "region").order_by("pk"):
        is_open = one.campaign.state == Campaign.State.OPEN
        if may_write(now, one.region.time_zone):
            letters = _write(one, now) if is_open else 0
            note_written(one, letters)
            made += letters
    return made


def _write(reminder: Reminder, now: datetime) -> int:
    campaign, school = reminder.campaign, reminder.school
    page = reverse("diagnostics:school", args=(campaign.pk, school.pk))
    given = {
        "campaign": campaign,
        "school": school,
        "standing": standing_of(campaign, school),
        "address": settings.SITE + page,
    }
    letters = 0
    with translation.override("ru"):
        subject = _("Опрос «{title}»: ответили ещё не все").format(title=campaign.title)
        for reader in readers_of(school, timezone.localdate(now)):
            text = render_to_string("diagnostics/letters/reminder.txt", given | {"reader": reader})
            EmailMessage(" ".join(subject.split()), text, to=[reader.email]).send()
            letters += 1
    return letters


def keep_reminding(stop: Event) -> None:
    """Remind and write again and again until told to stop."""
    while not stop.is_set():
        try:
            remind_due()
            write_waiting(timezone.now())
        except Exception as fault:  # the letters wait
            log.error("letters of reminders are not written for now\n%s", told(fault, words=False))
            connection.close()
        stop.wait(PAUSE)
    connection.close()
