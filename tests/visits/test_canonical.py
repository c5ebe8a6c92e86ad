"""The canonical text: what it is, and that a browser writes and digests the very same."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opora import visits
from opora.visits.protocol.canonical import LARGEST, NotCanonical, canonical, digest, digest_of, readable

HERE = "http://localhost/"
MODULE = Path(visits.__file__).parent / "static/visits/digest.js"
NASTY = [
    "",
    "Ёлкино",
    'кавычки " и \\ черта',
    "\n\r\t\f\b\v\x00\x1f\x7f\x80",
    "\u2028\u2029\ufeff\u00a0\u202f",
    "👩🏽‍🏫 и 𝒳",
    "\ud800",
    "\udfff\ud800а",
    "</script>'`${1}",
    "%s {0} {{x}}",
    "\ufffe\uffff",
    "e\u0301 é",
    "ا" * 5000,
]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": ["ё", True, None]}, '{"a":["\\u0451",true,null],"b":1}'),
        ({"a": "\ud83d"}, '{"a":"\\ud83d"}'),
        ("\x7f\n", '"\\u007f\\n"'),
        (-(2**53) + 1, "-9007199254740991"),
    ],
)
def test_a_canonical_text_is_ascii_json_with_sorted_keys(value, text):
    assert canonical(value) == text
    assert digest(value) == digest_of(text) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "odd", [1.5, 2**53, {"Ё": 1}, {1: 2}, {"": 1}, (1,), b"x", [[[[[[[1]]]]]]], {"a b": 1}]
)
def test_what_two_languages_might_write_differently_is_refused(odd):
    with pytest.raises(NotCanonical):
        canonical(odd)


KEYS = st.from_regex("[a-z][a-z0-9_]{0,8}", fullmatch=True)
TEXTS = st.text() | st.sampled_from(NASTY)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def is_shallow(value, deep=6):
    if isinstance(value, list | dict):
        inner = value if isinstance(value, list) else value.values()
        return deep > 0 and all(is_shallow(one, deep - 1) for one in inner)
    return True


@given(VALUES.filter(is_shallow))
def test_a_canonical_text_says_the_value_again(value):
    text = canonical(value)
    assert text.isascii() and canonical(json.loads(text)) == text


@given(TEXTS)
def test_any_text_can_be_shown(text):
    shown = readable(text)
    assert shown.encode() is not None and "\x00" not in shown
    assert readable("Школа № 1,\nсело Ёлкино 👍") == "Школа № 1,\nсело Ёлкино 👍"


@pytest.fixture
def module(browser):
    """A page with the device's own module, on a plain address where the browser digests nothing itself."""
    page = browser.new_page()

    def give(route):
        if route.request.url == HERE:
            route.fulfill(body="<!doctype html><title>x</title>", content_type="text/html")
        else:
            route.fulfill(body=MODULE.read_text(encoding="utf-8"), content_type="text/javascript")

    page.route(f"{HERE}**", give)
    page.goto(HERE)
    yield page
    page.close()


ASK = """async (texts) => {
    const { canonical, digest } = await import('/digest.js');
    return texts.map((text) => { const value = JSON.parse(text); return [canonical(value), digest(value)]; });
}"""


def test_a_browser_writes_and_digests_the_same(module):
    """Гадкие строки, половинки знаков, границы длины блока: браузер и сервер пишут и считают одинаково."""
    values = [*NASTY, {"note": NASTY, "levels": {"aim": 3, "a_1": 0}, "children": False, "due": None}]
    values += ["x" * length for length in (53, 54, 55, 56, 60, 61, 62, 63, 64, 117, 118, 119, 125, 126, 127)]
    values += [0, -1, LARGEST, -LARGEST, [], {}, {"b": {"d": 1, "c": 2}, "a": []}]
    told = module.evaluate(ASK, [json.dumps(value) for value in values])
    assert [text for text, _digest in told] == [canonical(value) for value in values]
    assert [found for _text, found in told] == [digest(value) for value in values]


def test_a_browser_digests_bytes_as_everybody_does(module):
    text = "async (sizes) => { const { sha256 } = await import('/digest.js'); return sizes.map((size) => sha256(Uint8Array.from({ length: size }, (_, place) => (place * 7) % 256))); }"  # noqa: E501
    sizes = [0, 1, 55, 56, 63, 64, 65, 1000, 300_000]
    expected = [hashlib.sha256(bytes(place * 7 % 256 for place in range(size))).hexdigest() for size in sizes]
    assert module.evaluate(text, sizes) == expected
