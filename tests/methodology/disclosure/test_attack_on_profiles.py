"""The attacker of the bench on risk profiles: protected, nothing is recovered; each protection off, much."""

import pytest

from tests.bench.attack_profiles import PROTECTIONS, attack
from tests.bench.survey import schools


@pytest.mark.parametrize("seed", [1, 2])
def test_no_answer_of_fewer_than_five_alike_follows_from_two_releases_of_profiles(seed):
    """Баллы, средние, вклады, два выпуска, вопросы двух лет: раскрыто 0 из тысяч сумм."""
    found = attack(schools(30, seed), seed)
    assert found["hidden"] > 1000
    assert found["recovered"] == 0
    assert found["lost"] < 0.05  # what that costs: shares of answers that are in no number


@pytest.mark.parametrize(("off", "least"), [("groups", 0.5), ("alike", 0.03), ("score", 0.002)])
def test_the_attacker_is_able_each_protection_off_is_a_leak(off, least):
    """Сняли одну защиту — нападающий раскрывает: он умеет, а не ленится."""
    found = attack(schools(30, 1), 1, off)
    assert found["recovered"] > least * found["hidden"]


def test_every_protection_is_switched_off_by_a_test():
    assert set(PROTECTIONS) == {"groups", "alike", "score"}
