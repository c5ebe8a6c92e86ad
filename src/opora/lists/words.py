"""Names and numbers of a list as people say them."""

from decimal import ROUND_HALF_UP, Decimal

from opora.language import _


def percent(value: float) -> str:
    """Say a percent with one decimal where it is not whole: «40 %», «33,3 %»."""
    rounded = Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = f"{rounded:f}".removesuffix(".0").replace(".", ",")
    return f"{text} %"


def comparison_words(comparison: str) -> str:
    """Say a comparison: «выше», «не ниже», «ниже», «не выше»."""
    return {
        "above": _("выше"),
        "at least": _("не ниже"),
        "below": _("ниже"),
        "at most": _("не выше"),
    }[comparison]
