"""The roles of the database: who owns the tables, in which role pages ask, who may log in to serve."""

from typing import TYPE_CHECKING

from opora.language import _
from opora.lib.spoken import Refused

if TYPE_CHECKING:
    import psycopg

# Nobody logs in with them, and they own nothing. In the first a person is bound by the policies of tables;
# in the second, which is for whoever sees the whole country, every row is open. Through the third, which
# inherits nothing, a login may turn into the second and is not it before.
APP_ROLE, COUNTRY_ROLE, GATE = "opora_app", "opora_country", "opora_gate"
MADE = {APP_ROLE: "", COUNTRY_ROLE: f" IN ROLE {APP_ROLE}", GATE: f" NOINHERIT IN ROLE {COUNTRY_ROLE}"}


def missing_roles(connection: "psycopg.Connection", login: str) -> list[str]:
    """Answer the statements that a superuser must run so that a login can act as the application."""
    there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    rights = "NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    found = [f"CREATE ROLE {role} {rights}{within}" for role, within in MADE.items() if role not in there]
    lacking = [role for role in (APP_ROLE, GATE) if role not in there or not _is_in(connection, login, role)]
    return [*found, f"GRANT {', '.join(lacking)} TO {quoted(login)}"] if lacking else found


def _is_in(connection: "psycopg.Connection", login: str, role: str) -> bool:
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid"
        " JOIN pg_roles l ON l.oid = m.member WHERE r.rolname = %s AND l.rolname = %s)",
        [role, login],
    ).fetchone()
    return bool(row and row[0])


def quoted(name: str) -> str:
    """Write a role's name as SQL takes it."""
    return name if name.isidentifier() and name.islower() else '"{}"'.format(name.replace('"', '""'))


def check_roles(url: str, *, serving: bool = False) -> None:
    """Make sure that the login of an address can act as the application, and only so when it serves.

    Raises: Refused with the statements that are to be run, or with why this login may not serve.
    """
    import psycopg

    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        login = connection.info.user
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        if serving and row and row[0]:
            raise Refused(
                _(
                    "Пользователь базы «{login}» из DATABASE_URL видит всё в обход правил доступа "
                    "(SUPERUSER или BYPASSRLS): страницам нужен обычный пользователь."
                ).format(login=login)
            )
        if statements := missing_roles(connection, login):
            raise Refused(
                _(
                    "В базе нет ролей {roles} для страниц или пользователь «{login}» в них не входит. "
                    "Администратор базы выполняет: {statements};"
                ).format(roles=", ".join(MADE), login=login, statements="; ".join(statements))
            )
