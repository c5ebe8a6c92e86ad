"""The small world of ``tests/world.py`` with everything in it: lists, drafts, imports, deeds."""

from tests.accounts.conftest import *  # noqa: F403
from tests.identification.conftest import *  # noqa: F403 (fixtures are found by their names)
from tests.trust.world import *  # noqa: F403
