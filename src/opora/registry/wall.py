"""The second wall as SQL: how a table's rows belong to a region, municipality or school, and its policies.

A migration names its tables (``walled``); what is written here is only the text of it. Policies hold for the
role ``opora_app``, in which requests act (``acting.py``), and read the scope that ``opora_enter`` has
put into the session. They compare with ``(SELECT …)`` of the scope, which the server computes once a
statement, and stand in CASE, because the order of OR is not promised. Whoever sees the whole country acts in
``opora_country``, to whom every row is open without a question: asking it of each row costs plans and time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from opora.config.postgres.roles import APP_ROLE, COUNTRY_ROLE

SCOPE = Path(__file__).parent / "sql/scope.sql"
SCOPE_WITH_DEPUTIES = SCOPE.with_name("scope_with_deputies.sql")

COUNTRY = "(SELECT opora_country())"
REGIONS = "ANY ((SELECT opora_regions())::text[])"
MUNICIPALITIES = "ANY ((SELECT opora_municipalities())::bigint[])"
SCHOOLS = "ANY ((SELECT opora_schools())::bigint[])"
AROUND_REGIONS = "ANY ((SELECT opora_around_regions())::text[])"
AROUND_MUNICIPALITIES = "ANY ((SELECT opora_around_municipalities())::bigint[])"
ANYTHING = "(SELECT opora_sees_anything())"
ME = "(SELECT opora_person())"


@dataclass(frozen=True)
class Belongs:
    """Whose the rows of a table are: its columns of the place, and what else opens a row.

    ``region``, ``municipality``, ``school``: the columns; "" where the table has none.
    ``around``: whether those within see the rows of the territory around them (a director, the region's run).
    ``read``, ``write``: further conditions under which a row is seen, or may be written.
    ``deeds``: what the application may do to the table at all.
    """

    table: str
    region: str = ""
    municipality: str = ""
    school: str = ""
    around: bool = False
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    deeds: str = "SELECT, INSERT, UPDATE, DELETE"

    def own(self) -> list[str]:
        """Answer the conditions of lying within one's own territory."""
        columns = ((self.region, REGIONS), (self.municipality, MUNICIPALITIES), (self.school, SCHOOLS))
        return [f"{column} = {scope}" for column, scope in columns if column]

    def near(self) -> list[str]:
        """Answer the conditions of belonging to the territory around one's own."""
        columns = ((self.region, AROUND_REGIONS), (self.municipality, AROUND_MUNICIPALITIES))
        return [f"{column} = {scope}" for column, scope in columns if column and self.around]


def lies_within(table: str) -> tuple[str, str]:
    """Answer the conditions that a row's one place, municipality or school, lies in a territory of mine."""
    return (
        f"""EXISTS (SELECT FROM registry_municipality m
            WHERE m.id = {table}.municipality_id AND m.region_id = {REGIONS})""",
        f"EXISTS (SELECT FROM registry_school s WHERE s.id = {table}.school_id)",
    )


def one_of(conditions: Iterable[str]) -> str:
    """Write that the country is open, or one of the conditions holds; NULL counts as no."""
    tried = " ".join(f"WHEN {condition} THEN true" for condition in (COUNTRY, *conditions))
    return f"CASE {tried} ELSE false END"


def policies(rows: Belongs) -> str:
    """Write the policies of a table: what is seen, and what may be put, changed and taken away."""
    seen = one_of([*rows.own(), *rows.near(), *rows.read])
    written = one_of([*rows.own(), *rows.write])
    made = f"ON {rows.table} FOR"
    return f"""
        ALTER TABLE {rows.table} ENABLE ROW LEVEL SECURITY;
        REVOKE ALL ON {rows.table} FROM {APP_ROLE};
        GRANT {rows.deeds} ON {rows.table} TO {APP_ROLE};
        CREATE POLICY seen {made} SELECT TO {APP_ROLE} USING ({seen});
        CREATE POLICY seen_all {made} SELECT TO {COUNTRY_ROLE} USING (true);
        CREATE POLICY put {made} INSERT TO {APP_ROLE} WITH CHECK ({written});
        CREATE POLICY changed {made} UPDATE TO {APP_ROLE} USING ({written}) WITH CHECK ({written});
        CREATE POLICY taken_away {made} DELETE TO {APP_ROLE} USING ({written});
    """


def no_policies(rows: Belongs) -> str:
    """Write how the wall around a table is taken down."""
    dropped = " ".join(
        f"DROP POLICY IF EXISTS {name} ON {rows.table};"
        for name in ("seen", "seen_all", "put", "changed", "taken_away")
    )
    return f"{dropped} ALTER TABLE {rows.table} DISABLE ROW LEVEL SECURITY;"


def walled(*tables: Belongs) -> tuple[str, str]:
    """Answer the SQL that walls these tables, and the SQL that takes the wall down, for ``RunSQL``."""
    return "".join(map(policies, tables)), "".join(map(no_policies, tables))
