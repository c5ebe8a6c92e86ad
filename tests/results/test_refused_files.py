"""Hostile and broken files: a clear sentence, bounded memory, nothing else."""

import contextlib
import io
import struct
import zipfile

import pytest

from opora.results.readers import limits
from opora.results.readers.book import FileRefused, open_book
from tests.results import files

OK = files.xlsx([["школа", "год"], [1, 2018]])
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refusal(data, name="выгрузка.xlsx"):
    with pytest.raises(FileRefused) as caught:
        for sheet in open_book(data, name).sheets:
            for _row in sheet.iter_rows():
                pass
    problem = caught.value.problem
    assert problem.what.endswith(".") and problem.allowed.endswith(".")
    return problem.what


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\n ", "\ufeff".encode(), "\ufeff".encode("utf-16"), b";;;\n;;;\n"]
)
def test_an_empty_file_is_told(data):
    assert refusal(data, "a.csv") == "Файл пуст."


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("data", [OK, files.xls([["школа"] * 20] * 60)], ids=["xlsx", "xls"])
def test_half_a_workbook_is_told(data, share):
    assert "не полностью" in refusal(data[: int(len(data) * share)])


def test_half_a_csv_that_ends_inside_a_letter_is_told():
    assert "обрывается" in refusal("школа;год\nя".encode()[:-1], "a.csv")


DISGUISED = [
    (b"%PDF-1.7\n1 0 obj", "PDF"),
    (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "картинка"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "картинка"),
    (b"{\\rtf1\\ansi", "RTF"),
    (b"Rar!\x1a\x07\x00", "архив"),
    (b"\x1f\x8b\x08\0\0\0", "архив"),
    ("\ufeff<html><body><table><tr><td>1".encode(), "веб-страница"),
    (b"<!DOCTYPE html><table>", "веб-страница"),
    (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "XML"),
    (files.archive({"a.csv": b"1;2"}), "архив"),
    (files.archive({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "Word"),
    (files.archive({"[Content_Types].xml": b"<a/>", "ppt/presentation.xml": b"<a/>"}), "презентация"),
    (files.archive({"[Content_Types].xml": b"<a/>", "xl/workbook.bin": b"1"}), "xlsb"),
    (files.archive({"mimetype": b"application/vnd.oasis", "content.xml": b"<a/>"}), "OpenDocument"),
    (files.compound({"WordDocument": b"x"}), "Word"),
    (files.compound({"PowerPoint Document": b"x"}), "презентация"),
    (files.compound({"Something": b"x"}), "другой программы"),
    (bytes(range(256)) * 20, "не похож"),
]


@pytest.mark.parametrize(
    ("data", "kind"), DISGUISED, ids=[kind + str(n) for n, (_d, kind) in enumerate(DISGUISED)]
)
def test_a_renamed_file_is_told_by_what_it_is(data, kind):
    assert kind in refusal(data)


def test_a_password_is_told():
    """Новая книга с паролем — контейнер OLE, старая — запись FILEPASS, архив — флаг."""
    zipped = bytearray(files.archive({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}))
    zipped[zipped.rfind(b"PK\x01\x02") + 8] |= 1
    for data in (
        files.compound({"EncryptionInfo": b"\x04\0\x04\0", "EncryptedPackage": b"\x01" * 9000}),
        files.xls([["а"]], extra=files.record(0x2F, b"\x01\0\x01\0")),
        bytes(zipped),
    ):
        assert "паролем" in refusal(data)


def test_a_bomb_that_says_its_size_is_told():
    bomb = files.bomb(stated=500_000_000)
    assert len(bomb) < 4 * limits.MEGABYTE
    assert "После распаковки" in refusal(bomb)


def test_a_bomb_that_lies_about_its_size_is_not_unpacked():
    """Оглавление говорит «1 байт», а внутри полгигабайта: распаковка останавливается на пределе."""
    assert "После распаковки" in refusal(files.bomb(stated=1))


def test_an_unusual_packing_is_told():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/workbook.xml", "<a/>" * 100)
    assert "необычным" in refusal(out.getvalue())


def test_an_archive_of_thousands_of_parts_is_told():
    assert "слишком велик" in refusal(files.archive({f"xl/{n}.xml": b"" for n in range(limits.PARTS + 1)}))


def test_a_part_that_is_shorter_than_it_says_is_told():
    assert "повреждён" in refusal(files.one_part(b"<a/>", stated=400, method=0))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
    ],
    ids=["laughs", "foreign file", "foreign address"],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_xml_with_entities_of_its_own_is_told(head, part):
    def change(name, content):
        if name != part:
            return content
        return (
            content.replace(b"<", head.encode() + b"<", 1)
            if not content.startswith(b"<?")
            else content.replace(b"?>", b"?>" + head.encode(), 1)
        )

    assert "DOCTYPE" in refusal(files.repacked(OK, change))


def test_xml_in_wide_letters_hides_nothing():
    def change(name, content):
        return content.decode().encode("utf-16") if name == "xl/worksheets/sheet1.xml" else content

    assert "повреждён" in refusal(files.repacked(OK, change))


FAR = '<sheetData><row r="9"><c r="A9"><v>1</v></c><c r="ZZ9"><v>1</v></c></row></sheetData>'


def behind_blanks():
    """A sheet that does not begin as XML."""

    def change(name, content):
        return b" " * 100 + content if name == "xl/worksheets/sheet1.xml" else content

    return files.repacked(files.with_sheet(FAR), change)


def among_pictures():
    """A sheet in the folder of pictures."""

    def change(name, content):
        return content.replace(b"worksheets/sheet1.xml", b"media/sheet1.xml") if "rels" in name else content

    with zipfile.ZipFile(io.BytesIO(files.with_sheet(FAR))) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml")
    return files.repacked(OK, change, {"xl/media/sheet1.xml": sheet})


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
@pytest.mark.parametrize("hidden", [behind_blanks, among_pictures])
def test_cells_do_not_hide_where_nobody_looks(monkeypatch, hidden, handed):
    """Лист, который не проверен, библиотеке не достаётся: иначе он развернулся бы во что угодно."""
    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    assert refusal(hidden()) == "Файл повреждён внутри."


ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
TORN = {
    "cells end twice": f"<sheetData>{ROW}</sheetData>{ROW}</sheetData>",
    "cells never end": f"<sheetData>{ROW}",
    "an end too many": f"<sheetData>{ROW.replace('</v>', '</v></c>')}</sheetData>",
    "an end too many ahead": f"</cols><sheetData>{ROW}</sheetData>",
    "a broken tail": f'<sheetData>{ROW}</sheetData><pageMargins left="1"<" right="1"/></a>',
}


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
@pytest.mark.parametrize("xml", TORN.values(), ids=TORN)
def test_a_torn_sheet_is_told_not_read_in_part(monkeypatch, xml, handed):
    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    assert refusal(files.with_sheet(xml)) == "Файл повреждён внутри."


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
def test_cells_inside_a_comment_are_no_cells(monkeypatch, handed):
    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    data = files.with_sheet(f"<!-- <sheetData>{ROW}</sheetData> -->")
    with contextlib.suppress(FileRefused):
        assert open_book(data, "a.xlsx").sheets[0].rows == []


@pytest.mark.parametrize("handed", [limits.HANDED_BYTES, 0], ids=["small", "large"])
def test_a_part_that_was_changed_on_the_way_is_told(monkeypatch, handed):
    """Одна цифра в ячейке испорчена: длина та же, контрольная сумма другая."""
    monkeypatch.setattr(limits, "HANDED_BYTES", handed)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(OK)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    whole = out.getvalue()
    assert open_book(whole, "a.xlsx").sheets[0].rows[1] == [1, 2018]
    assert "повреждён" in refusal(whole.replace(b"<v>2018</v>", b"<v>2019</v>"))


CORNERS = [
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    '<row r="1"><c s="1" r="A1"/></row><row r="1048576"><c s="1"\nr = "XFD1048576"><v>1</v></c></row>',
    '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
    '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    '<row r="1"><c r="a1"><v>1</v></c></row><row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c t="&gt;>" r="XFD1048576"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999"><c r="NN999999"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row>' + "<row/>" * 300_000 + "<row><c><v>1</v></c></row>",
    '<row r="1">' + "<c/>" * 16_000 + "<c><v>1</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="100000"><c r="CV100000"><v>1</v></c></row>',
]


@pytest.mark.parametrize("rows", CORNERS, ids=range(len(CORNERS)))
def test_two_cells_far_apart_do_not_ask_for_terabytes(rows):
    """Библиотека разворачивает лист в сплошной прямоугольник: 17 миллиардов ячеек из файла в 6 КБ."""
    what = refusal(files.with_sheet(f"<sheetData>{rows}</sheetData>"))
    assert "столбцов" in what.lower() or "строк" in what.lower() or "ячеек" in what


def test_a_long_text_named_by_a_million_cells_is_told():
    cells = "".join(f'<row r="{n}">' + f'<c r="A{n}" t="s"><v>0</v></c>' + "</row>" for n in range(1, 40_001))
    texts = f'<sst {NS} count="1" uniqueCount="1"><si><t>{"д" * 32_000}</t></si></sst>'
    assert "ячеек" in refusal(files.with_sheet(f"<sheetData>{cells}</sheetData>", texts))


def test_a_long_text_named_once_is_read():
    texts = f"<sst {NS}><si><t>{'д' * 32_000}</t></si><si><t>а</t></si></sst>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>1</v></c></row>' for n in range(1, 10_001))
    from opora.results.readers.markup import _refuse_spread

    _refuse_spread(texts.encode(), [cells.encode()])


def test_a_hundred_columns_too_many_are_told():
    what = refusal(files.xlsx([list(range(limits.COLUMNS + 100))]))
    assert what == "Столбцов на листе: 500 — вероятно, это не таблица результатов."
    line = ";".join("1" for _number in range(limits.COLUMNS + 100))
    assert "Столбцов на листе: 500" in refusal(f"{line}\n".encode(), "a.csv")
    assert open_book(files.xlsx([list(range(limits.COLUMNS))]), "a.xlsx").sheets[0].rows


def test_too_many_rows_of_a_workbook_are_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr(limits, "ROWS", 50)
    with pytest.raises(FileRefused) as caught:
        open_book(files.xlsx([[1]] * 51), "a.xlsx")
    assert "51" in caught.value.problem.what
    assert "50" in caught.value.problem.allowed and "CSV" in caught.value.problem.allowed
    assert open_book(files.xlsx([[1]] * 50), "a.xlsx").sheets[0].rows


def test_too_many_sheets_are_told(monkeypatch):
    monkeypatch.setattr(limits, "SHEETS", 1)
    assert "листов" in refusal(files.xlsx([[1]], change=lambda workbook: workbook.create_sheet("ещё")))


def test_a_file_over_the_limit_is_told(monkeypatch):
    monkeypatch.setattr(limits, "BOOK_BYTES", 100)
    monkeypatch.setattr(limits, "TEXT_BYTES", 10)
    assert "слишком велик" in refusal(OK)
    assert "слишком велик" in refusal(b"a;b;c;d;e;f\n", "a.csv")


def test_an_xls_that_claims_what_cannot_be_is_told():
    """По этим числам библиотека заранее просит память."""
    huge_table = files.record(0x00FC, struct.pack("<II", 1, 0xFFFFFFF0))
    huge_sheet = files.record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFF0, 0, 0xFFF0, 0))
    assert "повреждён" in refusal(files.xls([["а"]], extra=huge_table))
    assert "повреждён" in refusal(files.xls([["а"]], extra=huge_sheet))


def test_an_xls_with_far_cells_on_many_sheets_is_told(monkeypatch):
    monkeypatch.setattr(limits, "CELLS", 1_000)
    rows = [["а"]] + [[]] * 300 + [[None] * 20 + ["я"]]
    assert "ячеек" in refusal(files.xls(rows))


def test_a_loop_inside_a_compound_file_ends():
    data = bytearray(files.xls([["школа"] * 20] * 60))
    table = 512 + struct.unpack_from("<I", data, 76)[0] * 512
    struct.pack_into("<I", data, table + 4 * 4, 4)  # a sector that follows itself
    assert "повреждён" in refusal(bytes(data))


def test_an_open_quote_is_told_with_its_row():
    text = 'школа;название\n1;а\n2;"не закрыта\n' + "3;б\n" * 60_000
    with pytest.raises(FileRefused) as caught:
        list(open_book(text.encode(), "a.csv").sheets[0].iter_rows())
    assert caught.value.problem.cell == "3"
    assert "кавычка" in caught.value.problem.what


def test_the_sentence_never_quotes_the_file():
    """Имя ученика из испорченного файла не попадает в сообщение."""
    name = "Ромашкина Аграфена"
    for data in (
        (f"{name};" * 500 + "\n").encode(),
        files.xlsx([[name] * 500]),
        OK[:200] + name.encode(),
        f'школа;название\n1;"{name}\n'.encode() + b"3;b\n" * 60_000,
    ):
        with pytest.raises(FileRefused) as caught:
            list(open_book(data, "a").sheets[0].iter_rows())
        assert "Ромашкина" not in str(caught.value)


ENDLESS = [
    b"<sheetData>" + b"<c " * 300_000,
    b"<sheetData>" + b"<c r='" * 300_000,
    b'<sheetData><row r="1">' + b'<c r="A1" t="e"><f>' * 150_000,
    b"<sheetData>" + b"<x:c >" * 300_000,
    b"<sheetData>" + b' t="s"' * 300_000,
]


@pytest.mark.parametrize("xml", ENDLESS, ids=range(len(ENDLESS)))
def test_xml_that_never_closes_does_not_take_forever(xml):
    """Незакрытые теги не заставляют проверки читать файл до конца с каждого из них."""
    from opora.results.readers import markup

    for check in (markup._refuse_area, lambda content: list(markup._errors(content))):
        with contextlib.suppress(FileRefused):
            check(xml)
    with contextlib.suppress(FileRefused):
        markup._refuse_spread(b"<si><t>" + b"a" * 10_000 + b"</t></si>", [xml, b"<v>" * 100_000])


def test_a_file_that_is_not_there_is_told(tmp_path):
    for path in (tmp_path / "нет.xlsx", tmp_path):
        with pytest.raises(FileRefused, match="не найден"):
            open_book(path, path.name)
