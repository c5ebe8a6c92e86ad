"""What stands after records of several devices came together: the same, in whichever order they came."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from opora.visits.protocol.merging import State, agreements, photos, things, together
from tests.visits.drawn import PHOTO, correction, record

DAY = date(2026, 11, 28)


def standing(records):
    """Answer texts of the notes that stand, with the mark of what was taken away."""
    return [("—" if one.is_withdrawn else one.payload["text"]) for one in things(records)]


def test_a_correction_stands_in_the_place_and_the_old_words_stay_readable():
    first, later = record("a", text="чисто"), correction("b", "a", 5, text="чисто и тепло")
    (thing,) = things([later, first])
    assert (thing.payload["text"], thing.root, thing.said, thing.earlier) == (
        "чисто и тепло",
        first,
        later,
        (first,),
    )


def test_a_correction_of_a_correction_stands():
    told = [record("a", text="1"), correction("b", "a", 1, text="2"), correction("c", "b", 2, text="3")]
    assert standing(told) == ["3"]


def test_what_was_taken_away_stays_readable():
    (thing,) = things([record("a", text="лишнее"), correction("b", "a", 1, kind="")])
    assert thing.is_withdrawn and thing.kind == "note" and thing.earlier[0].payload["text"] == "лишнее"


def test_corrected_on_two_devices_at_once_the_later_clock_stands_and_the_other_is_shown():
    told = [
        record("a", text="было"),
        correction("b", "a", 3, device="dev-b", text="телефон"),
        correction("c", "a", 4, device="dev-c", text="планшет"),
    ]
    (thing,) = things(told)
    assert thing.payload["text"] == "планшет"
    assert [one.payload["payload"]["text"] for one in thing.rivals] == ["телефон"]


def test_a_correction_that_came_before_its_record_stands_alone_until_then():
    late, early = record("a", text="было"), correction("b", "a", 1, text="стало")
    assert standing([early]) == ["стало"]
    assert standing([early, late]) == ["стало"] and len(things([early, late])) == 1


def test_corrections_in_a_circle_lose_nothing():
    told = [correction("a", "b", 1, text="1"), correction("b", "a", 2, text="2")]
    (thing,) = things(told)
    assert sorted(one.uuid for one in (thing.said, *thing.earlier)) == sorted(one.uuid for one in told)


NAMES = st.sampled_from("abcdefgh")
RECORDS = st.one_of(
    st.builds(
        lambda short, minute, text: record(short, minute=minute, text=text), NAMES, st.integers(0, 9), NAMES
    ),
    st.builds(
        correction,
        *(NAMES, NAMES, st.integers(0, 9), st.sampled_from(["note", "agreement", ""])),
    ),
)


@st.composite
def two_devices(draw):
    """Draw what two devices told, in two orders in which it may come, some of it twice."""
    every = list(together(draw(st.lists(RECORDS, max_size=12))).values())
    every = [one for one in every if one.payload.get("replaces") != one.uuid]
    twice = [*every, *draw(st.lists(st.sampled_from(every), max_size=5))] if every else []
    cut = draw(st.integers(0, len(twice)))
    return twice[:cut], twice[cut:], draw(st.permutations(twice))


@given(two_devices())
def test_any_order_duplicates_and_two_devices_give_the_same_and_lose_nothing(told):
    """В любом порядке, с повторами, с двух устройств — одно и то же, и каждая запись где-то видна."""
    first, second, other = told
    merged = things(together(first, second).values())
    assert merged == things(together(second, first).values()) == things(other)
    shown = [one.uuid for thing in merged for one in (thing.said, *thing.earlier)]
    assert sorted(shown) == sorted({one.uuid for one in other})


def test_an_agreement_is_open_then_overdue_then_kept():
    made = record("a", "agreement", due="2026-11-28")
    assert [one.state for one in agreements(things([made]), DAY)] == [State.OPEN]
    assert [one.state for one in agreements(things([made]), date(2026, 11, 29))] == [State.OVERDUE]
    kept = record("k", "agreement_kept", 9, visit=8, agreement=made.uuid, note="куплены")
    (one,) = agreements(things([kept, made]), date(2026, 11, 29))
    assert (one.state, one.kept_notes) == (State.KEPT, ("куплены",))


def test_kept_holds_whichever_words_of_the_agreement_it_names():
    made, mended = record("a", "agreement"), correction("b", "a", 1, "agreement", due="2027-01-10")
    for named in (made, mended):
        kept = record("k", "agreement_kept", 9, agreement=named.uuid)
        (one,) = agreements(things([made, mended, kept]), DAY)
        assert (one.state, one.due) == (State.KEPT, date(2027, 1, 10))


def test_what_was_taken_back_is_not_kept_and_no_agreement():
    made = record("a", "agreement")
    kept = record("k", "agreement_kept", 9, agreement=made.uuid)
    (one,) = agreements(things([made, kept, correction("w", "k", 10, "")]), DAY)
    assert one.state == State.OPEN
    assert agreements(things([made, correction("w", "a", 10, "")]), DAY) == ()


def test_photos_that_stand_are_named():
    shot = record("p", "photo")
    assert photos(things([shot])) == {PHOTO}
    assert photos(things([shot, correction("w", "p", 1, "")])) == set()
    assert photos(things([shot, correction("w", "p", 1, ""), record("q", "photo", 2)])) == {PHOTO}
