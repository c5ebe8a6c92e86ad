"""A profile waits in the personal office for the word of its school and of its curator."""

from datetime import timedelta

from opora.diagnostics.models import ProfileRelease
from opora.diagnostics.tasks import survey_tasks
from opora.diagnostics.verification.actions import Part, keep_words, sign
from tests.diagnostics.verification.conftest import WHOLE

VERIFY = "Верифицировать рисковый профиль"


def told(person, today):
    return [(task.name, task.href) for task in survey_tasks(person, today)]


def test_a_profile_waits_for_the_word_of_each_side(campaign, places, people, today):
    """Профиль составлен: подписи ждут от директора и от куратора, от каждого — пока не подписал он сам."""
    page = f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/verification/"
    assert told(people.director, today) == told(people.curator, today) == [(VERIFY, page)]
    assert told(people.coordinator, today) == told(people.nobody, today) == []
    part = Part(campaign, places.listed, "school")
    kept = keep_words(part, WHOLE, 0, people.director)
    assert told(people.director, today) == [(VERIFY, page)]
    sign(part, kept.version, people.director)
    assert told(people.director, today) == []
    assert told(people.curator, today) == [(VERIFY, page)]


def test_a_profile_of_long_ago_hurries_nobody(campaign, people, today):
    release = ProfileRelease.objects.get()
    ProfileRelease.objects.update(at=release.at - timedelta(days=200))
    assert told(people.director, today) == []


def test_only_the_latest_profile_of_a_school_waits(campaign, places, people, today):
    second = ProfileRelease.objects.get(campaign=campaign)
    second.pk, second.wave = None, 1
    second.save()
    old = campaign.releases.last().profiles.get(school=places.listed)
    old.pk, old.release = None, second
    old.save()
    assert len(told(people.curator, today)) == 1
