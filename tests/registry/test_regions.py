"""The regions' file: 85 regions of the project's years, each with one tile, and what ended before them."""

from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from opora.registry.actions import RegionInUse, load_regions
from opora.registry.models import Region, RetiredRegion
from opora.registry.regions import FILE, read_regions

REGIONS, RETIRED = read_regions()


def test_there_are_85_regions_and_each_district_has_as_many_as_the_decrees_say():
    """Указы о федеральных округах: 849 (2000), 82 (2010), 375 (2016), 632 (2018)."""
    assert Counter(one.district for one in REGIONS) == {
        "ЦФО": 18,
        "СЗФО": 11,
        "ЮФО": 8,
        "СКФО": 7,
        "ПФО": 14,
        "УФО": 6,
        "СФО": 10,
        "ДФО": 11,
    }


@pytest.mark.parametrize("field", ["code", "iso", "okato", "tile", "name", "name_en", "short"])
def test_no_two_regions_share_their(field):
    assert len({getattr(one, field) for one in REGIONS}) == 85


@pytest.mark.parametrize("one", REGIONS, ids=lambda one: one.code)
def test_a_region_has_the_form_of_one(one):
    assert ZoneInfo(one.time_zone)
    assert len(one.code) == 2 and one.code.isdigit()
    assert one.iso.startswith("RU-") and 5 <= len(one.iso) <= 6
    assert len(one.okato) == 5 and one.okato.isdigit()
    assert all(isinstance(place, int) and place >= 0 for place in one.tile)


@pytest.mark.parametrize("one", REGIONS, ids=lambda one: one.code)
def test_a_republic_has_two_letters_in_the_standard_and_the_others_three(one):
    assert len(one.iso.removeprefix("RU-")) == (2 if "Республика" in one.name else 3)


def test_only_a_district_within_an_oblast_has_more_than_two_digits_of_okato():
    assert {one.code for one in REGIONS if not one.okato.endswith("000")} == {"83", "86", "89"}


def test_no_number_leads_to_two_regions():
    numbers = [number for one in REGIONS for number in (one.code, *one.also)]
    assert len(numbers) == len(set(numbers)) == 85 + 2


def test_two_digits_of_okato_would_not_tell_regions_apart():
    by_two = {one.okato[:2] for one in REGIONS}
    assert len(by_two) == 85 - 3


BY_CODE = {one.code: one for one in REGIONS}


@pytest.mark.parametrize(
    ("west", "east"),
    [("39", "77"), ("77", "16"), ("16", "66"), ("66", "54"), ("54", "38"), ("38", "25"), ("25", "41")],
)
def test_the_map_runs_from_west_to_east(west, east):
    assert BY_CODE[west].tile[0] < BY_CODE[east].tile[0]


@pytest.mark.parametrize(
    ("north", "south"),
    [("51", "78"), ("78", "77"), ("77", "36"), ("36", "61"), ("61", "05"), ("14", "28"), ("27", "25")],
)
def test_the_map_runs_from_north_to_south(north, south):
    assert BY_CODE[north].tile[1] < BY_CODE[south].tile[1]


def test_a_retired_number_may_have_a_new_owner():
    koryakia = next(one for one in RETIRED if one.code == "82")
    assert koryakia.became == "41"
    assert BY_CODE["82"].name == "Республика Крым"
    assert {one.became for one in RETIRED} <= set(BY_CODE)
    assert {one.code for one in RETIRED} == {"59", "81", "84", "88", "41", "82", "85", "75", "80"}


def test_loading_twice_changes_nothing(regions):
    before = list(Region.objects.order_by("pk").values())
    assert load_regions() == (85, 9)
    assert list(Region.objects.order_by("pk").values()) == before
    assert RetiredRegion.objects.count() == 9


def test_a_region_in_use_does_not_vanish_with_its_line(places, tmp_path):
    text = FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    start = next(number for number, line in enumerate(text) if 'code: "25"' in line)
    path = tmp_path / "regions.yaml"
    path.write_text("".join(text[:start] + text[start + 2 :]), encoding="utf-8")
    with pytest.raises(RegionInUse):
        load_regions(path)
    assert Region.objects.filter(pk="25").exists()
    assert RetiredRegion.objects.count() == 9


def test_a_tile_belongs_to_one_region(regions):
    with pytest.raises(IntegrityError, match="tile_belongs_to_one_region"), transaction.atomic():
        Region.objects.filter(pk="25").update(
            tile_column=regions["22"].tile_column, tile_row=regions["22"].tile_row
        )
