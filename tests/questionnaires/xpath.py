"""What XPath makes of expressions of an XLSForm: no answer is an empty text, which is no number (NaN)."""

import math

from opora.questionnaires.xlsform.expressions import Bracket, Call, Compared, Joined, Ref, read_expression


def is_asked(text, answers):
    """Tell whether a question is asked; ``answers``: name → text, of many options parted by blanks."""
    return not text or bool(value(read_expression(text), answers))


def value(tree, answers):
    match tree:
        case Bracket(inner):
            return value(inner, answers)
        case Ref(name):
            return answers.get(name, "")
        case Joined(by, parts):
            found = [bool(value(part, answers)) for part in parts]
            return all(found) if by == "and" else any(found)
        case Call("selected", (ref, option)):
            return option in value(ref, answers).split()
        case Call("not", (inner,)):
            return not value(inner, answers)
        case Call("number", (inner,)):
            return number(value(inner, answers))
        case Call("true", ()):
            return True
        case Call("false", ()):
            return False
        case Compared(left, sign, right):
            return compared(value(left, answers), sign, value(right, answers))
    return tree


def number(found):
    try:
        return float(found)
    except ValueError:
        return math.nan


def compared(left, sign, right):
    """Compare as XPath 1.0 does: as numbers if one is a number or the sign asks for order, else as texts."""
    if sign not in ("=", "!=") or not (isinstance(left, str) and isinstance(right, str)):
        left, right = number(left), number(right)
    return {
        "=": left == right, "!=": left != right, "<": left < right, ">": left > right, "<=": left <= right,
        ">=": left >= right,
    }[sign]  # fmt: skip
