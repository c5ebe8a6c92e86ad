"""The small world of ``tests/world.py``."""

from tests.identification.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.world import *  # noqa: F403 (fixtures are found by their names)
