"""Where the real data lie that tests read and nobody commits."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data; without it these tests are skipped, in CI they fail."""
    named = os.environ.get("OPORA_REAL_DATA", "")
    folder = Path(named)
    if named and folder.is_dir():
        return folder
    sentence = "OPORA_REAL_DATA names no folder: tests on real data need it"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)
