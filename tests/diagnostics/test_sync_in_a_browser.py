"""People answer in a real browser, on a real server, while everything breaks: none is lost or doubled."""

import json
import os
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from opora.diagnostics.campaigns.actions import make_codes
from opora.diagnostics.codes import code_of
from tests.diagnostics.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.diagnostics.faulty_runs import FAULTS, many_runs

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
RUNS = int(os.environ.get("OPORA_SYNC_RUNS", "6"))


def test_nothing_is_lost_or_counted_twice_in_a_browser(browser, live, link, parents, people):
    """Сбои в настоящем браузере: потеряно 0, удвоено 0; считает база."""
    make_codes(link, RUNS, people.director)
    codes = [code_of(link.token, number + 11) for number in range(RUNS)]
    started = time.perf_counter()
    ledger = many_runs(
        browser, lambda by_code: live.at(f"a/{(link if by_code else parents).token}/"), codes, RUNS
    )
    if told := os.environ.get("OPORA_SYNC_TOLD"):
        seconds = round(time.perf_counter() - started, 1)
        Path(told).write_text(json.dumps(asdict(ledger) | {"seconds": seconds}), encoding="utf-8")
    assert ledger.runs == RUNS
    assert (ledger.lost, ledger.doubled, ledger.faults) == ([], [], [])
    if len(FAULTS) * 3 <= RUNS:
        assert set(ledger.struck) == set(FAULTS)
