"""The small world of ``tests/world.py``, with a draft and a published list."""

from tests.identification.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.world import *  # noqa: F403 (fixtures are found by their names)
