"""People who can sign in."""

from tests.accounts.conftest import *  # noqa: F403 (fixtures are found by their names)
