"""What a session is called in the list: the browser, the system, the place without precise data."""

import ipaddress

from django.utils.translation import gettext as _

# The first that is found counts: the names of others stand inside most of these signatures.
BROWSERS = {
    "YaBrowser": "Яндекс Браузер",
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def device(signature: str) -> str:
    """Say a browser and its system, «Firefox, Windows»."""
    found = [
        next((name for mark, name in names.items() if mark in signature), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in found if name) or _("неизвестное устройство")


def rough(told: str) -> str:
    """Take from an address what would find a house; the rest says a provider and a town at most."""
    try:
        parsed = ipaddress.ip_address(told)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 (no address is known)
    length = 16 if parsed.version == 4 else 32
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False).network_address)


def place(address: str | None) -> str:
    """Say a rough address, «95.24.…»."""
    parsed = ipaddress.ip_address(address or "0.0.0.0")  # noqa: S104
    if parsed.is_loopback:
        return _("этот компьютер")
    if parsed.is_unspecified:
        return _("место неизвестно")
    parts = str(parsed).split("." if parsed.version == 4 else ":")
    return ("." if parsed.version == 4 else ":").join([*parts[:2], "…"])
