"""Codes of invented schools: valid in form, with their check digits, and of nobody."""

INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)
REGION = "99"  # no region of the project's years bears this code
OKTMO_REGION = "02"  # never given to a region
FIRST_MSU = 101


def inn(number: int) -> str:
    """Make a taxpayer's number (ИНН) of an organisation: nine digits and the check digit."""
    body = f"{REGION}01{number:05d}"
    check = sum(weight * int(digit) for weight, digit in zip(INN_WEIGHTS, body, strict=True)) % 11 % 10
    return f"{body}{check}"


def ogrn(number: int) -> str:
    """Make a state registration number (ОГРН): twelve digits and the check digit."""
    body = f"102{REGION}0{number:06d}"
    return f"{body}{int(body) % 11 % 10}"


def oktmo(position: int, *, urban: bool) -> str:
    """Make the code of the territory (ОКТМО) of a municipality by its place in the region."""
    return f"{OKTMO_REGION}{'7' if urban else '6'}{position + 1:02d}000"


def vpr_login(number: int) -> str:
    """Make the login with which a school writes ВПР."""
    return f"sch{REGION}{number:04d}"


def ris_code(msu: int, number: int) -> str:
    """Make the code of a school in РИС ГИА: three digits of the municipality, three of the school."""
    return f"{msu:03d}{number:03d}"
