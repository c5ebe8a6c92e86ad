"""Reads what the form of a verification sends."""

from django.http import QueryDict

from opora.diagnostics.verification.actions import Words
from opora.methodology.risk_profile.edition import ProfileEdition
from opora.methodology.risk_profile.verification import Opinion


def words_of(posted: QueryDict, edition: ProfileEdition) -> Words:
    """Read the words of a side; what is no factor of the edition is not looked at."""
    names = [factor.name for factor in edition.factors]
    said = {name: posted.get(f"says_{name}", "") for name in names}
    return Words(
        opinions={
            name: Opinion(says == "yes", posted.get(f"why_{name}", ""))
            for name, says in said.items()
            if says in ("yes", "no")
        },
        chosen=tuple(name for name in names if f"take_{name}" in posted),
        measures={name: posted.get(f"how_{name}", "") for name in names},
        few_reason=posted.get("few_reason", ""),
    )
