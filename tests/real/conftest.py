"""Real data that nobody here wrote: found by OPORA_REAL_DATA, never committed."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Give the folder of real data; without it, skip with a sentence, and fail in CI."""
    named = os.environ.get("OPORA_REAL_DATA", "")
    if named and Path(named).is_dir():
        return Path(named)
    sentence = "OPORA_REAL_DATA does not name the folder of real data"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
