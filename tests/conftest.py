"""What tests of several rooms share: the folder of real data, and a real browser."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from tests.disks import Disk
from tests.standing import STAGE, stage  # noqa: F401 (a fixture)

# A busy machine must not fail a property: time is measured elsewhere.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NOBODY_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
DESK, PHONE = (1280, 900), (390, 844)
EMPTIED = {
    "audit_event": "events_are_never_emptied",
    "audit_chain": "chains_are_never_emptied",
    "audit_anchor": "anchors_are_never_emptied",
    "audit_change": "changes_are_never_emptied",
    "visits_visitrecord": "records_are_never_emptied",
}


def lacking(sentence: str) -> None:
    """Skip a test whose outside means are absent, saying which; in CI they must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{sentence} (CI=true)", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_url):
    """Start the cluster (``tests/postgres.py``) when the framework is about to make its test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let the tests empty the trace between them, which its own rule refuses to everybody else."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table, rule in EMPTIED.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {rule}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Answer the folder of real data that nobody here wrote (``OPORA_REAL_DATA``)."""
    named = os.environ.get("OPORA_REAL_DATA", "")
    if not named or not Path(named).is_dir():
        lacking("no folder of real data: set OPORA_REAL_DATA")
    return Path(named).resolve()


@pytest.fixture
def disk():
    """Mount small disks of as many kilobytes, which really become full; only root may."""
    disks: list[Disk] = []

    def mount(kilobytes: int) -> Disk:
        disks.append(Disk(kilobytes))
        if said := disks[-1].mount():
            lacking(f"no small disk can be mounted here: {said}")
        return disks[-1]

    yield mount
    for one in disks:
        one.unmount()


def pytest_itemcollected(item):
    """Mark the tests that need a browser, before ``-m`` chooses among them."""
    if "browser" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.browser)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Take the world of the file away before a test that works outside of a transaction."""
    STAGE.begin(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run the core's tests first and the long journeys last."""
    for item in items:
        told = getattr(item.get_closest_marker("django_db"), "kwargs", {})
        if told.get("transaction") and not told.get("serialized_rollback"):
            # The framework would fill what it empties its own way, and the next test stumbles over that.
            raise pytest.UsageError(f"{item.nodeid}: transaction=True needs serialized_rollback=True")
    items.sort(key=lambda item: order_of(item.path))


def order_of(path: Path) -> int:
    """Answer the place of a test file's folder in a run."""
    room = path.relative_to(Path(__file__).parent).parts[0]
    return {"methodology": 0, "journeys": 2}.get(room, 1)


def chromium() -> str:
    """Find a Chromium: the one that is named (``OPORA_CHROMIUM``) or the system's. Empty: ""."""
    if named := os.environ.get("OPORA_CHROMIUM"):
        return named
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


@pytest.fixture(scope="session")
def browser():
    """Start a real Chromium for the whole run."""
    path = chromium()
    if not path:
        lacking("no Chromium for browser tests: install it or set OPORA_CHROMIUM")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in the test's thread, where the framework would refuse plain database calls.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = [*QUIET, NOBODY_ELSE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Remember that a test failed, for fixtures that say then what was on the screen."""
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture
def new_page(browser, request):
    """Open pages at any width; in the end no script failed and the internet was not asked."""
    faults: list[str] = []
    contexts = []

    def open_page(size=DESK, *, javascript=True, language="ru-RU", **options):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        context.on("request", lambda request: faults.extend(asked_elsewhere(request.url)))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script failed: {error}"))
        page.on("console", lambda said: faults.extend(broken_policy(said.text)))
        return page

    yield open_page
    if request.node.stash.get(FAILED, False):
        for page in (page for context in contexts for page in context.pages):
            print(f"on the screen: {page.url}\n{page.locator('body').inner_text(timeout=5_000)[:3_000]}")
    for context in contexts:
        context.close()
    assert not faults, faults


def broken_policy(said):
    """Answer what a browser says when a page breaks its own Content-Security-Policy."""
    return [said] if "Content Security Policy" in said else []


def asked_elsewhere(url):
    """Answer what to say of a request that is not to this machine; the browser finds no other."""
    address = urlsplit(url)
    here = address.scheme in {"data", "blob", "about"} or address.hostname in {"localhost", "127.0.0.1"}
    return [] if here else [f"asked the internet: {url}"]


@pytest.fixture
def page(new_page):
    """Open a page on a desk's screen."""
    return new_page(DESK)


@pytest.fixture
def phone(new_page):
    """Open a page on a phone's screen."""
    return new_page(PHONE)


@pytest.fixture
def live(live_server, django_db_serialized_rollback):
    """Serve the application for a browser; rows that migrations made are there in every test.

    ``live.url`` is the address, ``live.at("/schools/")`` a page of it.
    """
    return SimpleNamespace(url=live_server.url, at=lambda path: f"{live_server.url}/{path.lstrip('/')}")
