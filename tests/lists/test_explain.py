"""Why a school is on the list, in sentences."""

from pathlib import Path


def test_a_listed_school_reads_what_decided(opora, made: Path):
    """В перечне: что решило, каждый показатель с долей, числом, интервалом и порогом."""
    code, out, _err = opora("explain", made, "11")
    assert code == 0
    assert "школа в перечне" in out
    assert "■ ВПР-2018, математика, 5 класс: 40 %, 8 из 20 (интервал" in out
    assert "порог: выше 30 %" in out
    assert "официальный текст" in out


def test_a_school_that_is_not_listed_reads_why_not(opora, made: Path):
    _code, out, _err = opora("explain", made, "12")
    assert "школы в перечне нет" in out
    assert "Неуспешных показателей: 1 из 2." in out
    assert "□ ВПР-2018, математика" in out


def test_an_unknown_school_is_told_with_the_nearest_codes(opora, made: Path):
    code, _out, err = opora("explain", made, "1")
    assert code == 2
    assert "Похожие: 11" in err or "Похожие: 13" in err or "Похожие: 12" in err


def test_the_explanation_speaks_english(opora, made: Path, monkeypatch):
    monkeypatch.setenv("OPORA_LANG", "en")
    _code, out, _err = opora("explain", made, "11")
    assert "the school is on the list" in out
    assert "threshold: above 30 %" in out
