"""What diagnostics keeps: campaigns, a school's links, codes that open them once, sheets, and risk profiles.

A sheet stands apart from everything that knows a person (anonymous by construction): it has no account,
address, code, receipt or moment. It waits without a number of its own until others have come to its link, and
is then put among them in an order by chance (``sql/answering.sql``), so that nothing tells whose it is.
Pages are not allowed to read the tables of sheets, codes and receipts at all: only functions of the database
count them.
"""

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as lazy

from opora.diagnostics.numbers import DEFAULT_PROFILE, REMINDS
from opora.diagnostics.own_form_model import OwnForm  # noqa: F401 (the framework looks for models here)

TOKEN, DIGEST = 16, 32  # characters


def new_token() -> str:
    """Make the secret part of a link's address: 96 bits."""
    return secrets.token_urlsafe(12)


def usual_reminders() -> list[int]:
    """Answer how many days before its end schools are reminded of a campaign unless told otherwise."""
    return list(REMINDS)


class Campaign(models.Model):
    """A survey campaign (опрос): which questionnaires, in which schools, from day to day."""

    class State(models.TextChoices):
        DRAFT = "draft", lazy("готовится")
        OPEN = "open", lazy("идёт")
        CLOSED = "closed", lazy("завершён")

    class Levels(models.TextChoices):
        """Beside what a factor's level is judged (с чем сравнивают)."""

        FIXED = "fixed", lazy("с порогами редакции")
        CAMPAIGN = "campaign", lazy("со всеми школами опроса")
        GROUP = "group", lazy("со школами своего региона")

    region = models.ForeignKey(
        "registry.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # none: the country's
    municipality = models.ForeignKey(
        "registry.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a municipality's own
    title = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()  # the first of the school year
    forms = ArrayField(models.CharField(max_length=60))  # names of questionnaires
    profile = models.CharField(max_length=60, default=DEFAULT_PROFILE)  # the edition of the risk profile
    levels = models.CharField(max_length=10, choices=Levels, default=Levels.FIXED)
    opens_on = models.DateField()
    closes_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    # days before the last one on which schools that are behind are reminded
    reminds = ArrayField(models.PositiveSmallIntegerField(), default=usual_reminders, blank=True)
    reminded_on = models.DateField(null=True, blank=True)  # when the program last did so by itself
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-opens_on", "-pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="campaign_ends_after_it_begins",
                condition=models.Q(closes_on__gte=models.F("opens_on")),
            ),
            models.CheckConstraint(name="campaign_asks_something", condition=models.Q(forms__len__gt=0)),
            models.CheckConstraint(
                name="campaign_of_a_municipality_names_its_region",
                condition=models.Q(municipality=None) | models.Q(region__isnull=False),
            ),
            models.CheckConstraint(
                name="campaign_closed_has_its_day",
                condition=models.Q(state="closed", closed_on__isnull=False)
                | (~models.Q(state="closed") & models.Q(closed_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SurveyLink(models.Model):
    """The address at which one group of one school answers one questionnaire (ссылка на анкету)."""

    class Way(models.TextChoices):
        CODES = "codes", lazy("по одноразовым кодам")
        OPEN = "open", lazy("по открытой ссылке")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="survey_links")
    form = models.CharField(max_length=60)
    way = models.CharField(max_length=10, choices=Way)
    token = models.CharField(max_length=TOKEN, unique=True, default=new_token)
    invited = models.PositiveIntegerField(null=True, blank=True)  # people asked to answer; none: not told yet

    class Meta:
        ordering: ClassVar[list[str]] = ["school_id", "form"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="link_once_in_a_campaign", fields=["campaign", "school", "form"]),
        ]

    def __str__(self) -> str:
        return f"{self.form}: {self.school_id}"


class Reminder(models.Model):
    """That a school was reminded of a survey (напоминание школе), once a day at most.

    by: who did; none: the program on its day. written_at: when the letters went out; none: they wait.
    letters: how many; none is a school where nobody is appointed.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reminders")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    letters = models.PositiveSmallIntegerField(default=0)
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="reminder_once_a_day", fields=["campaign", "school", "on"])
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.school_id}, {self.on}"


class AnswerCode(models.Model):
    """A one-time code (одноразовый код): proves the right to answer once, and is in no sheet.

    digest: of the code, under the program's key. receipt: the digest of what the device that used it calls
    its sheet, so that a sheet that is sent again is known; "" while the code is free.
    """

    link = models.ForeignKey(SurveyLink, on_delete=models.CASCADE, related_name="codes")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST)
    receipt = models.CharField(max_length=DIGEST, blank=True)
    on_paper = models.BooleanField(default=False)  # set aside: a sheet of paper uses it up

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="code_number_once_in_a_link", fields=["link", "number"]),
            models.UniqueConstraint(name="code_once_in_a_link", fields=["link", "digest"]),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Receipt(models.Model):
    """That a sheet came by an open link (квитанция): the digest of what its device calls it."""

    link = models.ForeignKey(SurveyLink, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="receipt_once_in_a_link", fields=["link", "digest"])
        ]

    def __str__(self) -> str:
        return self.digest


class WaitingSheet(models.Model):
    """A sheet that has just come and waits for others, among whom it will not be told apart."""

    link = models.ForeignKey(SurveyLink, on_delete=models.CASCADE, related_name="+")
    answers = models.JSONField()

    def __str__(self) -> str:
        return str(self.link_id)


class Sheet(models.Model):
    """The answers of somebody (лист ответов): field → value, as the questionnaire checked them.

    wave: with which release of profiles it was counted first; none: with no release yet.
    """

    id = models.UUIDField(primary_key=True)  # by chance: it tells no order
    link = models.ForeignKey(SurveyLink, on_delete=models.CASCADE, related_name="sheets")
    wave = models.PositiveSmallIntegerField(null=True, blank=True)
    answers = models.JSONField()

    def __str__(self) -> str:
        return str(self.link_id)


class PaperPack(models.Model):
    """A pack of filled paper sheets (пачка) that is entered at a link, then handed in all at once.

    outside: its sheets are teachers', whose school does not enter them. Of a pack that was handed in, counts
    are left: sheets, answers that were compared, those that differed.
    """

    link = models.ForeignKey(SurveyLink, on_delete=models.PROTECT, related_name="packs")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    outside = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    finished_on = models.DateField(null=True, blank=True)
    sheets = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["link_id", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="pack_number_once_in_a_link", fields=["link", "number"]),
        ]

    def __str__(self) -> str:
        return str(self.number)


class PaperSheet(models.Model):
    """What two people typed of one paper sheet (ввод листа), while its pack is open; then it is deleted.

    number: in pencil on the sheet, within its pack. first, second, said: place → mark (``marks.py``); said is
    what another look at the sheet told where the two differ. decided: the answers that will be handed in.
    version: of what a page showed, so that of two people at once the second is told.
    """

    pack = models.ForeignKey(PaperPack, on_delete=models.CASCADE, related_name="entries")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    outside = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    first = models.JSONField()
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second = models.JSONField(null=True, blank=True)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said = models.JSONField(default=dict)
    decided = models.JSONField(null=True, blank=True)
    entered = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="paper_sheet_once_in_a_pack", fields=["pack", "number"]),
            models.CheckConstraint(
                name="paper_sheet_decided_after_both",
                condition=models.Q(decided__isnull=True) | models.Q(second__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_sheet_second_by_somebody",
                condition=models.Q(second__isnull=True, second_by=None)
                | models.Q(second__isnull=False, second_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ProfileRelease(models.Model):
    """The risk profiles of a campaign as they were put out (выпуск профилей): when it ended, then once more.

    wave: 0 is the first; sheets that came late are counted in the next one.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="releases")
    wave = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=60)
    edition_digest = models.CharField(max_length=64)
    schools = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-wave"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="release_once_a_wave", fields=["campaign", "wave"])
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.wave}"


class CountedGroups(models.Model):
    """The groups of people as a release counted them: a later one is held against it. No page reads it."""

    release = models.OneToOneField(ProfileRelease, on_delete=models.CASCADE, related_name="counted")
    groups = models.JSONField()  # ``kept.packed``

    def __str__(self) -> str:
        return str(self.release_id)


class SchoolProfile(models.Model):
    """The risk profile of one school in one release (РПШ); ``told`` is read by ``profiles/kept.py``.

    levels: factor → its level.
    """

    release = models.ForeignKey(ProfileRelease, on_delete=models.CASCADE, related_name="profiles")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="risk_profiles")
    levels = models.JSONField()
    told = models.JSONField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="profile_once_in_a_release", fields=["release", "school"])
        ]

    def __str__(self) -> str:
        return f"{self.release_id}: {self.school_id}"


class Verification(models.Model):
    """What one side says of a school's risk profile (верификация РПШ), whichever release is read.

    opinions: factor → [agrees, reason]. chosen, measures (factor → words), few_reason: the school's alone.
    A signed one is changed no more until its signature is taken back. version: of what a page showed, so
    that of two people at once the second is told.
    """

    class Side(models.TextChoices):
        SCHOOL = "school", lazy("школа")
        CURATOR = "curator", lazy("куратор")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="verifications")
    region = models.ForeignKey("registry.Region", on_delete=models.PROTECT, related_name="+")
    municipality = models.ForeignKey("registry.Municipality", on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey("registry.School", on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side.choices)
    opinions = models.JSONField(default=dict)
    chosen = ArrayField(models.CharField(max_length=60), default=list)
    measures = models.JSONField(default=dict)
    few_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="verification_once_a_side", fields=["campaign", "school", "side"]),
            models.CheckConstraint(
                name="verification_signed_by_somebody",
                condition=models.Q(signed_at=None, signed_by=None)
                | models.Q(signed_at__isnull=False, signed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="verification_chosen_by_the_school",
                condition=models.Q(side="school") | models.Q(chosen=[], measures={}, few_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.school_id}, {self.side}"
