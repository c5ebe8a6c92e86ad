"""Profiles on paper, read back: PDF by pypdf, DOCX by python-docx; and printed without a browser."""

import argparse
import re
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from opora.commands import print as print_command
from opora.diagnostics.models import SchoolProfile
from opora.diagnostics.profiles.kept import rows
from opora.diagnostics.profiles.printing import NotPrinted, printed
from opora.lib.spoken import Refused
from opora.methodology.risk_profile.reading import load_edition
from opora.ui.numbers import number

pytestmark = pytest.mark.django_db
FACTORS = [str(factor.title) for factor in load_edition("opora-2026").factors]


def one_line(text):
    return " ".join(text.replace("\u00ad", "").split())


def words_of_pdf(content):
    return one_line(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))


def words_of_docx(content):
    told = Document(BytesIO(content))
    cells = [cell.text for table in told.tables for row in table.rows for cell in row.cells]
    return one_line(" ".join([*(one.text for one in told.paragraphs), *cells]))


@pytest.fixture
def papers(released, places):
    """The papers of the listed school, form by form."""
    released()
    return {name.rpartition(".")[2]: content for name, content in printed(str(places.listed.pk))}


@pytest.mark.parametrize(("kind", "read"), [("pdf", words_of_pdf), ("docx", words_of_docx)])
def test_a_paper_says_what_the_page_says(papers, places, kind, read):
    said = read(papers[kind])
    assert f"Рисковый профиль школы: {places.listed}" in said and "не оценка школы" in said
    assert "умолчание Опоры" in said and "Средняя значимость — от 35 баллов" in said
    for title in FACTORS:
        assert title.replace("-", "") in said.replace("-", ""), title
    assert "учителя: ответов — 8" in said and "Кто о нём сказал" in said
    assert re.search(r"Интервал от \d+ до \d+", said) and re.search(r"учителя: \d+ \(ответили", said)


def test_numbers_of_the_docx_are_those_that_are_kept(papers, places):
    kept = rows(SchoolProfile.objects.get(school=places.listed).told, "factors")
    titles = {factor.name: str(factor.title) for factor in load_edition("opora-2026").factors}
    told = {
        row.cells[0].text: row.cells[2].text for row in Document(BytesIO(papers["docx"])).tables[0].rows[1:]
    }
    assert told == {titles[row["factor"]]: number(row["points"]) for row in kept}


def test_a_pdf_is_for_those_too_who_do_not_see(papers):
    """Размеченный PDF/UA с заголовком и языком; шрифты внутри."""
    told = PdfReader(BytesIO(papers["pdf"]))
    root = told.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "ru"
    assert "Рисковый профиль школы" in told.metadata.title
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_tables_of_a_docx_repeat_their_heads(papers):
    for table in Document(BytesIO(papers["docx"])).tables:
        assert table.rows[0]._tr.trPr is not None and "tblHeader" in table.rows[0]._tr.xml
        assert all("tblHeader" not in row._tr.xml for row in table.rows[1:])


def test_a_browser_is_given_the_same_papers(released, signed_in, people, places):
    campaign = released()
    browser = signed_in(people.director)
    for kind, mark in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = browser.get(f"/surveys/{campaign.pk}/profiles/{places.listed.pk}/profile.{kind}")
        assert answer.status_code == 200 and answer.content.startswith(mark)
        assert answer["Content-Disposition"] == f'attachment; filename="profile-{places.listed.pk}.{kind}"'


@pytest.mark.parametrize("called", ["{id}", "{vpr_login}", "села Ёлк"])
def test_a_school_is_found_by_number_code_or_part_of_its_name(released, places, called):
    released()
    names = [name for name, _content in printed(called.format(**vars(places.listed)))]
    assert names == [f"profile-{places.listed.pk}.pdf", f"profile-{places.listed.pk}.docx"]


@pytest.mark.parametrize(
    ("called", "said"),
    [
        ("Школа", "Так называются несколько школ: .*Назовите номер"),
        ("111001", "Так называются несколько школ"),  # codes of two regions may be alike
        ("99999999", "Школы «99999999» нет"),
        ("9" * 40, "нет. Назовите её номер, код или часть названия"),
        ("Степновская", "У школы «Степновская школа» профиля нет"),
    ],
)
def test_what_cannot_be_printed_is_said(places, called, said):
    with pytest.raises(NotPrinted, match=said):
        list(printed(called))


def call(*words):
    parser = argparse.ArgumentParser()
    print_command.configure(parser)
    return print_command.run(parser.parse_args(words))


def test_the_command_writes_both_papers_and_names_them(released, places, tmp_path, capsys, monkeypatch):
    """./opora print profile ШКОЛА --out ПАПКА: папка появляется, названия файлов напечатаны."""
    monkeypatch.setattr("opora.config.postgres.ensure_database", lambda **_given: None)
    released()
    out = tmp_path / "новая" / "папка"
    assert call("profile", str(places.listed.pk), "--out", str(out)) == 0
    named = capsys.readouterr().out.split()
    assert sorted(map(str, out.iterdir())) == sorted(named) and len(named) == 2
    with pytest.raises(Refused, match="Школы «нет такой» нет"):
        call("profile", "нет такой", "--out", str(tmp_path))
