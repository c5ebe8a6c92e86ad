"""Whatever the bytes, there is a reading or a refusal: never another error, never a stop of the program."""

import io
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opora.results.readers import FileRefused, read
from opora.results.reading import Context, Reading
from tests.results import files

HEADINGS = ["школа", "год", "процедура", "предмет", "класс", "участников", "низких"]
ROWS = [HEADINGS, *[[f"sch22420{n}", 2018, "впр", "математика", 5, 20 + n, n] for n in range(5)]]
BOOKS = [
    files.xlsx(ROWS),
    files.xls(ROWS),
    "\n".join(";".join(map(str, row)) for row in ROWS).encode("cp1251"),
]
SPLICES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=24)), min_size=1, max_size=6
)
LENIENT = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def read_or_refused(data):
    try:
        reading = read(data, Context(name="файл"))
    except FileRefused as refused:
        assert refused.problem.what
        return
    assert isinstance(reading, Reading)
    assert reading.rows or reading.problems


def spliced(data, splices):
    """The data with pieces of it replaced."""
    for place, length, piece in splices:
        start = int(place * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


def test_the_books_are_read_when_nothing_is_wrong_with_them():
    for data in BOOKS:
        reading = read(data, Context(name="файл"))
        assert (reading.format, reading.rows, reading.problems) == ("plain", 5, [])


@LENIENT
@given(st.binary(max_size=600))
def test_random_bytes(data):
    read_or_refused(data)


@LENIENT
@given(
    st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xef\xbb\xbf"]),
    st.binary(max_size=2000),
)
def test_random_bytes_after_a_true_beginning(start, data):
    read_or_refused(start + data)


@LENIENT
@given(st.sampled_from(BOOKS), SPLICES)
def test_books_with_spliced_bytes(data, splices):
    read_or_refused(spliced(data, splices))


@LENIENT
@given(st.sampled_from(zipfile.ZipFile(io.BytesIO(BOOKS[0])).namelist()), SPLICES)
def test_workbooks_with_spliced_xml_inside(part, splices):
    """Архив цел, а внутри испорчена одна из частей."""

    def change(name, content):
        return spliced(content, splices) if name == part else content

    read_or_refused(files.repacked(BOOKS[0], change))


@LENIENT
@given(SPLICES)
def test_old_workbooks_with_spliced_records(splices):
    read_or_refused(files.compound({"Workbook": spliced(files.biff(ROWS), splices)}))


@LENIENT
@given(
    st.text(alphabet=';,\t|"\n\r=школагд2018.,x', max_size=300),
    st.sampled_from(["utf-8", "utf-16", "cp1251"]),
)
def test_random_tables_of_text(text, encoding):
    read_or_refused(text.encode(encoding, "replace"))
