"""Regions, municipalities, schools; who acts for them stands in ``appointed``."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower, Replace
from django.utils.translation import gettext_lazy as lazy

from opora.registry.appointed import Appointment, Deputyship, Order
from opora.registry.change_model import SchoolChange

__all__ = [
    "Appointment",
    "Deputyship",
    "District",
    "Municipality",
    "Order",
    "Region",
    "RetiredRegion",
    "School",
    "SchoolChange",
    "searched",
    "without_yo",
]


def without_yo(*fields: str) -> models.Expression:
    """Answer the fields in small letters, with «е» for «ё» and without marks.

    PostgreSQL without ICU sorts by code points; what is searched is written the same way (``searched``).
    """
    parts: list[Any] = [F(fields[0])]
    for field in fields[1:]:
        parts += [Value(" "), F(field)]
    text = Concat(*parts) if len(parts) > 1 else parts[0]
    plain: models.Expression = Replace(Lower(text), Value("ё"), Value("е"))
    for mark in ("«", "»", "№ ", "№"):  # they would sort after every letter
        plain = Replace(plain, Value(mark), Value(""))
    return plain


def searched(text: str) -> list[str]:
    """Answer the words of a search as ``without_yo`` writes them."""
    plain = text.lower().replace("ё", "е")
    for mark in ("«", "»", "№"):
        plain = plain.replace(mark, " ")
    return plain.split()


class District(models.TextChoices):
    """Federal districts (федеральные округа) since 2018."""

    CENTRAL = "ЦФО", lazy("Центральный федеральный округ")
    NORTH_WEST = "СЗФО", lazy("Северо-Западный федеральный округ")
    SOUTH = "ЮФО", lazy("Южный федеральный округ")
    CAUCASUS = "СКФО", lazy("Северо-Кавказский федеральный округ")
    VOLGA = "ПФО", lazy("Приволжский федеральный округ")
    URAL = "УФО", lazy("Уральский федеральный округ")
    SIBERIA = "СФО", lazy("Сибирский федеральный округ")
    FAR_EAST = "ДФО", lazy("Дальневосточный федеральный округ")


class Region(models.Model):
    """A subject of the federation (регион); loaded from ``regions.yaml``."""

    code = models.CharField(max_length=2, primary_key=True)
    also = models.JSONField(default=list, blank=True)  # numbers of the same region in other systems
    name = models.CharField(max_length=100, unique=True)
    name_en = models.CharField(max_length=100)
    short = models.CharField(max_length=6)  # as written on its tile
    iso = models.CharField(max_length=6, unique=True)
    okato = models.CharField(max_length=5, unique=True)
    district = models.CharField(max_length=4, choices=District)
    time_zone = models.CharField(max_length=40)
    tile_column = models.PositiveSmallIntegerField()
    tile_row = models.PositiveSmallIntegerField()
    sort_key = models.GeneratedField(
        expression=without_yo("name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="tile_belongs_to_one_region", fields=["tile_column", "tile_row"]),
            models.CheckConstraint(name="region_code_is_two_digits", condition=Q(code__regex=r"^\d{2}$")),
        ]

    def __str__(self) -> str:
        return self.name


class RetiredRegion(models.Model):
    """A subject that ended, and the one it became part of (упразднённый субъект)."""

    code = models.CharField(max_length=2)
    name = models.CharField(max_length=100, unique=True)
    until = models.DateField()
    became = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="code_retires_once_a_day", fields=["code", "until"])
        ]

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """A municipality (муниципалитет): the district or city that runs schools."""

    class Kind(models.TextChoices):
        MUNICIPAL_DISTRICT = "municipal_district", lazy("муниципальный район")
        MUNICIPAL_OKRUG = "municipal_okrug", lazy("муниципальный округ")
        CITY_OKRUG = "city_okrug", lazy("городской округ")
        CITY_DISTRICT = "city_district", lazy("внутригородской район")
        CITY_TERRITORY = "city_territory", lazy("внутригородская территория города федерального значения")
        OTHER = "other", lazy("другое")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="municipalities")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    oktmo = models.CharField(max_length=8, blank=True)
    msu_code = models.CharField(max_length=3, blank=True)  # код МСУ in РИС ГИА
    sort_key = models.GeneratedField(
        expression=without_yo("name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name_plural = "municipalities"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="municipality_once_in_a_region", fields=["region", "name"]),
            models.UniqueConstraint(
                name="msu_code_once_in_a_region", fields=["region", "msu_code"], condition=~Q(msu_code="")
            ),
            models.UniqueConstraint(
                name="oktmo_belongs_to_one_municipality", fields=["oktmo"], condition=~Q(oktmo="")
            ),
            # The target of the schools' foreign key: a school's municipality lies in the school's region.
            models.UniqueConstraint(name="municipality_with_its_region", fields=["id", "region"]),
            models.CheckConstraint(
                name="municipality_oktmo_is_eight_digits", condition=Q(oktmo__regex=r"^(\d{8})?$")
            ),
            models.CheckConstraint(
                name="msu_code_is_three_digits", condition=Q(msu_code__regex=r"^(\d{3})?$")
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="municipality_by_name", fields=["region", "sort_key"])
        ]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school (общеобразовательная организация) with its codes."""

    class Kind(models.TextChoices):
        GENERAL = "general", lazy("средняя или основная школа")
        PRIMARY = "primary", lazy("начальная школа")
        GYMNASIUM = "gymnasium", lazy("гимназия")
        LYCEUM = "lyceum", lazy("лицей")
        ADVANCED = "advanced", lazy("школа с углублённым изучением предметов")
        CADET = "cadet", lazy("кадетская школа, кадетский корпус")
        BOARDING = "boarding", lazy("школа-интернат")
        EVENING = "evening", lazy("вечерняя (сменная) школа")
        CORRECTIONAL = "correctional", lazy("специальная (коррекционная) школа")
        CLOSED = "closed", lazy("специальное учебно-воспитательное учреждение закрытого типа")
        PRISON = "prison", lazy("школа при исправительном учреждении")
        OTHER = "other", lazy("другое")

    class SettlementKind(models.TextChoices):
        URBAN = "urban", lazy("город")
        TOWN = "town", lazy("посёлок городского типа")
        RURAL = "rural", lazy("село")

    class Levels(models.TextChoices):
        PRIMARY = "1-4", lazy("1–4 классы")
        BASIC = "1-9", lazy("1–9 классы")
        FULL = "1-11", lazy("1–11 классы")
        MIDDLE = "5-9", lazy("5–9 классы")
        SECONDARY = "5-11", lazy("5–11 классы")
        SENIOR = "10-11", lazy("10–11 классы")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="schools")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=500)
    short_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.GENERAL)
    vpr_login = models.CharField(max_length=11, blank=True)
    ris_code = models.CharField(max_length=6, blank=True)
    inn = models.CharField(max_length=10, blank=True)
    ogrn = models.CharField(max_length=13, blank=True)
    oktmo = models.CharField(max_length=11, blank=True)
    settlement_kind = models.CharField(max_length=10, choices=SettlementKind, blank=True)
    settlement_name = models.CharField(max_length=150, blank=True)
    settlement_size = models.PositiveIntegerField(null=True, blank=True)  # inhabitants
    levels = models.CharField(max_length=5, choices=Levels, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    founder = models.CharField(max_length=500, blank=True)  # учредитель
    main = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches"
    )  # whose branch it is (филиал)
    former = models.CharField(
        max_length=5_000, blank=True
    )  # names and codes that it had: a search finds them
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    sort_key = models.GeneratedField(
        expression=without_yo("name"), output_field=models.TextField(), db_persist=True
    )
    search_key = models.GeneratedField(
        expression=without_yo(
            "name",
            "short_name",
            "settlement_name",
            "vpr_login",
            "ris_code",
            "inn",
            "ogrn",
            "oktmo",
            "former",
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="vpr_login_belongs_to_one_school", fields=["vpr_login"], condition=~Q(vpr_login="")
            ),
            models.UniqueConstraint(
                name="ris_code_once_in_a_region", fields=["region", "ris_code"], condition=~Q(ris_code="")
            ),
            models.CheckConstraint(
                name="vpr_login_has_its_form", condition=Q(vpr_login__regex=r"^(sch\d{6,8})?$")
            ),
            models.CheckConstraint(name="ris_code_is_six_digits", condition=Q(ris_code__regex=r"^(\d{6})?$")),
            models.CheckConstraint(name="inn_is_ten_digits", condition=Q(inn__regex=r"^(\d{10})?$")),
            models.CheckConstraint(name="ogrn_is_thirteen_digits", condition=Q(ogrn__regex=r"^(\d{13})?$")),
            models.CheckConstraint(
                name="school_oktmo_is_8_or_11_digits", condition=Q(oktmo__regex=r"^(\d{8}|\d{11})?$")
            ),
            models.CheckConstraint(
                name="school_closes_after_it_opens",
                condition=Q(closed_on__isnull=True)
                | Q(opened_on__isnull=True)
                | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(name="school_is_no_branch_of_itself", condition=~Q(main=F("pk"))),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="school_by_name", fields=["region", "sort_key"]),
            models.Index(name="school_by_municipality", fields=["municipality", "sort_key"]),
            GinIndex(name="school_by_words", fields=["search_key"], opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_rural(self) -> bool:
        """Say whether the school stands in a village (село)."""
        return self.settlement_kind == self.SettlementKind.RURAL
