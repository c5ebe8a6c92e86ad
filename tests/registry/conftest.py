"""The small world of ``tests/world.py``."""

from tests.identification.conftest import draft, published  # noqa: F401 (fixtures)
from tests.world import *  # noqa: F403 (fixtures are found by their names)
