"""A small table of outcomes as a file, and the command line as a person calls it."""

from pathlib import Path

import pytest

from opora import __main__ as program
from opora import language

ROWS = """школа;год;процедура;предмет;класс;участников;низкий результат
11;2018;ВПР;математика;5;20;8
11;2019;ОГЭ;русский язык;9;30;10
12;2018;ВПР;математика;5;20;8
12;2019;ОГЭ;русский язык;9;30;2
13;2019;ВПР;математика;6;10;3
"""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Write outcomes of three schools: 11 fails twice, 12 once, 13 stands at exactly 30 percent."""
    path = tmp_path / "results.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def opora(capsys, monkeypatch):
    """Call ./opora with words; answer the exit code, what was printed and what was complained of."""
    monkeypatch.setattr(language, "_translator", None)  # the command line knows no web framework

    def call(*words: object) -> tuple[int, str, str]:
        code = program.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def made(opora, results: Path, tmp_path: Path) -> Path:
    """Make a list of the three schools by the 2020 rule."""
    path = tmp_path / "list.json"
    assert opora("identify", results, "--edition", "seed-2020", "--out", path)[0] == 0
    return path
