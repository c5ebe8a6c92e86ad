"""Sheets in thousands of made-up worlds where everything breaks: none is lost, none counted twice."""

import os
from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.diagnostics.models import AnswerCode, Campaign
from opora.diagnostics.numbers import GRACE
from tests.diagnostics.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.diagnostics.syncing import open_world, simulated

WORLDS = int(os.environ.get("OPORA_SYNC_WORLDS", "1000"))
FAULTS = {
    "drop", "lose", "twice", "late", "hang", "rubbish", "offline", "kill", "tabs", "together", "devices",
    "full", "erase", "private", "clock", "typo", "wrong",
}  # fmt: skip
# What is broken on purpose (sync/broken.js), and the faults of a world in which it must come to light.
SHOWN_BY = [
    ("forgetsFirst", ["drop"]),
    ("namesAnew", ["lose"]),
    ("namesAnew", ["hang"]),
    ("namesAnew", ["late"]),
    ("believesSilence", ["offline"]),
    ("believesRubbish", ["rubbish"]),
    ("ownAddress", ["offline"]),
    ("forgetsUntold", ["kill"]),
    ("forgetsEarly", ["clock"]),
    ("quietRefusal", ["typo", "offline"]),
    ("quietRefusal", ["wrong", "offline"]),
    ("staleRefusal", ["typo", "tabs", "late", "drop"]),
    ("overOthers", ["together", "offline"]),
    ("thanksUnseen", ["together"]),
    ("thanksUnseen", ["erase", "kill"]),
    ("saysKept", ["full", "drop"]),
    ("saysKept", ["private", "drop"]),
    ("draftEach", ["tabs"]),
    ("forgetfulServer", ["twice"]),
    ("forgetfulServer", ["devices"]),
]
CODES = ["one", "two", "three"]


@pytest.fixture(scope="module")
def world(browser):
    page = open_world(browser)
    yield page
    page.close()


def test_nothing_is_lost_or_counted_twice(world):
    """Потери, повторы, перестановки, убитые вкладки, часы, полный диск: потеряно 0, удвоено 0."""
    found = simulated(world, 0, WORLDS)
    assert (found["lost"], found["doubled"]) == (0, 0), found["seeds"]
    assert set(found["struck"]) == FAULTS
    assert found["sheets"] > WORLDS and found["told"]["taken"] > WORLDS


@pytest.mark.parametrize(
    ("broken", "faults"), SHOWN_BY, ids=lambda one: one if isinstance(one, str) else "+".join(one)
)
def test_a_protocol_broken_on_purpose_is_caught(world, broken, faults):
    """Сломанный нарочно обмен теряет или удваивает листы, и это видно; целый в том же мире — нет."""
    for first in range(0, 6000, 400):
        found = simulated(world, first, 400, without=broken, faults=faults)
        if found["lost"] + found["doubled"]:
            break
    assert found["lost"] + found["doubled"], f"{broken} went unnoticed"
    (seed, *_) = found["seeds"]
    whole = simulated(world, seed, 1, faults=faults)
    assert (whole["lost"], whole["doubled"]) == (0, 0)


def test_every_fault_is_shown_by_something_broken():
    assert {fault for _broken, faults in SHOWN_BY for fault in faults} == FAULTS


def test_a_world_comes_out_the_same_for_the_same_seed(world):
    assert simulated(world, 7, 40) == simulated(world, 7, 40)


# --- the server of the made-up world is the real one

calls = st.lists(
    st.tuples(
        st.sampled_from(["codes", "codes", "open", "nothing"]),
        st.sampled_from([*CODES, "nobody's", ""]),
        st.sampled_from(["r1", "r2", "r3"]),
        st.integers(-2, 25),
    ),
    max_size=12,
)
campaigns = st.tuples(st.sampled_from(["draft", "open", "closed"]), st.integers(0, 3), st.integers(0, 14))


@pytest.mark.django_db
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(campaign_is=campaigns, calls=calls)
def test_the_server_of_the_made_up_world_is_the_real_one(world, link, parents, today, campaign_is, calls):
    """Тот же порядок обращений — те же ответы и те же листы, что у функции базы."""
    assert answers_of_model(world, campaign_is, calls) == answers_of_database(
        {"codes": link, "open": parents}, today, campaign_is, calls
    )


def answers_of_model(world, campaign_is, calls):
    """Answer what the small function says to each call, and how many sheets each link has then."""
    state, opens, lasts = campaign_is
    days = {"state": state, "opens": opens, "last": opens + lasts + GRACE}
    links = {
        way: days | {"way": way, "codes": dict.fromkeys(CODES, ""), "receipts": {}, "sheets": []}
        for way in ("codes", "open")
    }
    return world.evaluate(
        """async ([links, calls]) => {
          const { take } = await import("/server.js");
          const told = calls.map(([token, code, receipt, day]) => (
            take(links, { token, code, receipt, answers: {} }, day)));
          return [told, links.codes.sheets.length, links.open.sheets.length];
        }""",
        [links, calls],
    )


def answers_of_database(links, today, campaign_is, calls):
    """Answer what ``opora_answer`` says to each call, and how many sheets each link has then."""
    state, opens, lasts = campaign_is
    with transaction.atomic(), connection.cursor() as cursor:
        last = today + timedelta(days=opens + lasts)
        Campaign.objects.filter(pk=links["codes"].campaign_id).update(
            state=state,
            opens_on=today + timedelta(days=opens),
            closes_on=last + timedelta(days=1) if state == "closed" else last,
            closed_on=last if state == "closed" else None,
        )
        AnswerCode.objects.filter(link=links["codes"]).delete()
        AnswerCode.objects.bulk_create(
            AnswerCode(link=links["codes"], number=number, digest=code)
            for number, code in enumerate(CODES, 1)
        )
        told = []
        for way, code, receipt, day in calls:
            token = links[way].token if way in links else "nothing"
            cursor.execute(
                "SELECT opora_answer(%s, %s, %s, '{}', %s, %s)",
                [token, code, receipt, today + timedelta(days=day), GRACE],
            )
            told.append(cursor.fetchone()[0])
        counts = []
        for one in links.values():
            cursor.execute("SELECT count(*) FROM diagnostics_waitingsheet WHERE link_id = %s", [one.pk])
            counts.append(cursor.fetchone()[0])
        transaction.set_rollback(True)
    return [told, *counts]
