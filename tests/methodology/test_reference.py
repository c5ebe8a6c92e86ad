"""The printed reference is current, and says nothing reconstructed as official."""

from pathlib import Path

from opora.methodology import edition
from opora.methodology.reference import main, reference

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "methodology.md"
AGAIN = "python -m opora.methodology.reference docs/methodology.md tests/methodology"


def test_the_reference_is_what_the_editions_and_tests_print():
    assert PAGE.read_text(encoding="utf-8") == reference(ROOT / "tests" / "methodology"), f"print it: {AGAIN}"


def test_every_edition_and_every_number_is_in_it():
    page = PAGE.read_text(encoding="utf-8")
    for name in edition.shipped():
        assert f"### `{name}`" in page
        assert all(f"(`{parameter}`)" in page for parameter in edition.load(name).parameters)


def test_examples_are_the_drawn_tests(tmp_path):
    drawn = 'outcomes("""\n        school | low\n        {} | 1\n    """)\n'
    (tmp_path / "test_one.py").write_text(
        'def test_a(outcomes):\n    """Пример."""\n    '
        + drawn.format("a")
        + "def test_b(outcomes):\n    "
        + drawn.format("hidden"),
        encoding="utf-8",
    )
    page = reference(tmp_path)
    assert "**Пример.**\n\n```\nschool | low\na | 1\n```" in page
    assert "hidden" not in page


def test_it_is_written_where_it_is_asked_for(tmp_path):
    main([str(tmp_path / "page.md"), str(ROOT / "tests" / "methodology")])
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
