"""The demo region, made once for all tests here: a small one and the whole one."""

from pathlib import Path

import pytest

from opora.demo.build import Built, build
from opora.demo.region import Region, make_region

SMALL = {"schools": 12, "municipalities": 3}


@pytest.fixture(scope="session")
def region() -> Region:
    """The region as ./opora demo shows it."""
    return make_region(500)


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Built:
    """The whole demo, written into a folder."""
    return build(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def small(tmp_path_factory) -> Built:
    """Twelve schools in three municipalities."""
    return build(tmp_path_factory.mktemp("small"), 7, **SMALL)


def digests(folder: Path) -> dict[str, str]:
    """Answer the digest of every file of a folder by its name."""
    from hashlib import sha256

    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
