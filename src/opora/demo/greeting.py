"""Says how to sign in, once the first page answers."""

import time
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from opora.config.environment import data_folder
from opora.config.letters import letters_folder
from opora.demo.place import Stamp
from opora.language import _

PATIENCE = 60.0  # seconds


def greet(address: str, stamp: Stamp) -> None:
    """Wait for the first page and print the address and the sign-ins."""
    if answers(address):
        print(greeting(address, stamp), flush=True)


def answers(address: str, patience: float = PATIENCE) -> bool:
    """Wait until a page answers, be it by asking to sign in; say whether it did without failing."""
    opener = build_opener(ProxyHandler({}))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with opener.open(address, timeout=10):
                return True
        except HTTPError as answer:
            return answer.code < 500
        except (URLError, OSError):
            time.sleep(0.1)
    return False


def greeting(address: str, stamp: Stamp) -> str:
    """Write the address and the sign-ins as a table."""
    rows = [(one.role, one.email, one.place) for one in stamp.sign_ins]
    heads = (_("роль"), _("вход"), _("где"))
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in (0, 1)]
    table = "\n".join(
        f"  {role:<{widths[0]}}  {email:<{widths[1]}}  {place}" for role, email, place in (heads, *rows)
    )
    return "\n".join(
        [
            "",
            _("Опора, демонстрация: {address} (остановить — Ctrl-C)").format(address=address),
            _("Регион, школы и люди выдуманы. Пароль у всех: {password}").format(password=stamp.password),
            _("Второй фактор здесь не обязателен; в работе его настраивают все, кто видит много школ."),
            _("Письма складываются в папку {folder}").format(folder=letters_folder(data_folder())),
            "",
            table,
            "",
        ]
    )
