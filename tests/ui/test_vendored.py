"""What others wrote and we ship is exactly what its manifest says, with its licence beside it."""

import json
import re
from hashlib import sha256

import pytest


@pytest.fixture
def vendor(ui_folder):
    return ui_folder / "static/vendor"


@pytest.fixture
def packages(vendor):
    return json.loads((vendor / "vendored.json").read_text())["packages"]


def test_every_vendored_file_has_the_digest_that_its_manifest_names(vendor, packages):
    for package in packages:
        for name, digest in package["files"].items():
            assert sha256((vendor / name).read_bytes()).hexdigest() == digest, name


def test_no_vendored_file_is_missing_from_the_manifest(vendor, packages):
    named = {name for package in packages for name in package["files"]} | {"vendored.json"}
    assert {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()} == named


def test_every_package_has_its_licence_beside_it(vendor, packages):
    for package in packages:
        assert (vendor / package["name"] / "LICENSE").read_text().strip(), package["name"]


def test_htmx_is_the_pinned_version_of_the_second_major(vendor, packages):
    """htmx 4 ломает страницы: закреплена ровно 2.0.11."""
    assert {package["name"]: package["version"] for package in packages}["htmx"] == "2.0.11"
    assert 'version:"2.0.11"' in (vendor / "htmx/htmx.min.js").read_text()


def test_bootstrap_is_the_version_that_the_manifest_names(vendor, packages):
    version = {package["name"]: package["version"] for package in packages}["bootstrap"]
    assert f"v{version} " in (vendor / "bootstrap/bootstrap.min.css").read_text()[:200]


def test_no_style_or_template_asks_another_server_for_anything(ui_folder):
    """Ни одна страница не ходит за шрифтом или скриптом на чужой сервер."""
    ours = [*ui_folder.glob("static/ui/*"), *ui_folder.rglob("templates/**/*.html")]
    for path in ours:
        for found in re.findall(
            r"(?:src|href|url|@import)\s*[=(]?\s*[\"']?(https?:)?//[^\s\"')]+", path.read_text()
        ):
            pytest.fail(f"{path.name}: {found}")
    for package in json.loads((ui_folder / "static/vendor/vendored.json").read_text())["packages"]:
        for name in package["files"]:
            if name.endswith(".css"):
                text = (ui_folder / "static/vendor" / name).read_text()
                assert not re.search(r"url\([\"']?https?:", text), name
