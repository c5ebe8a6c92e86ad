"""When schools are reminded of a survey, which, and at what time of day."""

from datetime import UTC, date, datetime

import pytest

from opora.diagnostics.campaigns.reminders.rule import is_behind, latest_due, may_write

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 20)


@pytest.mark.parametrize(
    ("before", "today", "due"),
    [
        ([7, 2], 12, None),
        ([7, 2], 13, 13),
        ([7, 2], 15, 13),  # nothing ran on the day itself: made good later
        ([2, 7], 18, 18),
        ([7, 2], 20, 18),
        ([7, 2], 21, None),  # over
        ([], 15, None),
        ([19, 2], 10, None),  # the first day: nobody has been late by then
        ([30], 10, None),  # before the survey began
    ],
)
def test_a_survey_reminds_on_the_days_it_names(before, today, due):
    """За 7 и за 2 дня до последнего; день, который пропущен, навёрстывается; после конца не напоминают."""
    found = latest_due(FIRST, LAST, before, date(2026, 3, today))
    assert found == (due and date(2026, 3, due))


@pytest.mark.parametrize(
    ("counts", "behind"),
    [
        ([(0, None)], True),
        ([(0, 10)], True),
        ([(7, 10)], True),
        ([(8, 10)], False),
        ([(79, 100)], True),
        ([(80, 100)], False),
        ([(3, None)], False),  # how many were invited nobody said: somebody answered
        ([(1, 1), (9, 10)], False),
        ([(1, 1), (9, 10), (0, None)], True),  # one silent group is enough
        ([], False),
    ],
)
def test_a_school_is_behind_where_a_group_is_silent_or_fewer_than_four_of_five_answered(counts, behind):
    assert is_behind(counts) is behind


@pytest.mark.parametrize(
    ("hour", "zone", "may"),
    [
        (5, "Europe/Moscow", False),  # 8 there
        (6, "Europe/Moscow", True),  # 9
        (14, "Europe/Moscow", True),  # 17
        (15, "Europe/Moscow", False),  # 18
        (23, "Asia/Vladivostok", True),  # 9 of the next day
        (9, "Asia/Kamchatka", False),  # 21
    ],
)
def test_letters_go_out_by_day_at_the_school(hour, zone, may):
    assert may_write(datetime(2026, 3, 10, hour, tzinfo=UTC), zone) is may
