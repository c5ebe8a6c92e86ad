"""The roles of the database: who owns the tables, in which role pages ask, who may log in to serve."""

from typing import TYPE_CHECKING

from opora.language import _
from opora.lib.spoken import Refused

if TYPE_CHECKING:
    import psycopg

APP_ROLE = "opora_app"  # nobody logs in with it; it owns nothing and is bound by the policies of every table


def missing_role(connection: "psycopg.Connection", login: str) -> list[str]:
    """Answer the statements that a superuser must run so that a login can act as the application."""
    made = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
    member = made and connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [login, APP_ROLE]).fetchone()
    create = f"CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
    grant = f"GRANT {APP_ROLE} TO {quoted(login)}"
    return [*([] if made else [create]), *([] if member and member[0] else [grant])]


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
        if statements := missing_role(connection, login):
            raise Refused(
                _(
                    "В базе нет роли {role} для страниц или пользователь «{login}» в неё не входит. "
                    "Администратор базы выполняет: {statements};"
                ).format(role=APP_ROLE, login=login, statements="; ".join(statements))
            )
