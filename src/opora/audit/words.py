"""The words of deeds: each room says the sentence of its own (called when the program starts)."""

from opora.language import _

_sentences: dict[str, str] = {}


class UnknownDeed(Exception):
    """No room said what this deed is called."""


def tell_deeds(room: str, sentences: dict[str, str]) -> None:
    """Take a room's deeds: verb_object → a Russian sentence without its subject, details in braces."""
    _sentences.update({f"{room}.{deed}": sentence for deed, sentence in sentences.items()})


def known(deed: str) -> str:
    """Answer the sentence of a deed as it is written in the code.

    Raises: UnknownDeed.
    """
    if deed not in _sentences:
        raise UnknownDeed(deed)
    return _sentences[deed]


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def said(deed: str, details: dict[str, object]) -> str:
    """Say a deed in the reader's language; an event of an older version may lack a detail."""
    told = {name: _(value) if value and isinstance(value, str) else value for name, value in details.items()}
    return _(known(deed)).format_map(_Details(told))
