"""Say why a school is on a list, or is not."""

import argparse
from difflib import get_close_matches
from pathlib import Path

from opora.language import _

SUMMARY = "объяснить, почему школа в перечне или почему её там нет"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("list", type=Path, metavar="list.json", help=_("перечень от команды identify"))
    parser.add_argument("school", metavar="ШКОЛА", help=_("код школы, как он стоит в перечне"))


def run(args: argparse.Namespace) -> int:
    """Print the explanation; a school that is not there is told with the nearest codes."""
    from opora.lib.spoken import Refused
    from opora.lists import explaining, requests

    listed = requests.document(args.list)
    codes = [line["school"] for line in listed["schools"]]
    if args.school not in codes:
        near = get_close_matches(args.school, codes, 3)
        hint = _(" Похожие: {codes}.").format(codes=", ".join(near)) if near else ""
        raise Refused(_("Школы «{school}» в перечне нет.").format(school=args.school) + hint)
    print("\n".join(explaining.explanation(listed, args.school)))
    return 0
