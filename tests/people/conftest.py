"""The small world of ``tests/world.py``."""

from tests.world import *  # noqa: F403 (fixtures are found by their names)
