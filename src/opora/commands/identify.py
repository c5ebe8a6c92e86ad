"""Make an explained list from files, without the system."""

import argparse
from pathlib import Path

from opora.language import _

SUMMARY = "составить перечень по файлам результатов, без системы"


def configure(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="ФАЙЛ", help=_("файлы результатов"))
    parser.add_argument("--edition", metavar="ИМЯ", help=_("редакция методики: имя или файл YAML"))
    parser.add_argument("--mapping", type=Path, metavar="M.yaml", help=_("соответствие столбцов"))
    parser.add_argument("--schools", type=Path, metavar="S.csv", help=_("таблица школ: коды и признаки"))
    parser.add_argument("--years", type=years, metavar="2018,2019", help=_("годы вместо окна редакции"))
    parser.add_argument(
        "--territory", default="RU", metavar="RU-PRI", help=_("чьи значения параметров брать")
    )
    parser.add_argument("--year", type=int, help=_("год процедуры, если его нет в файле"))
    parser.add_argument("--school", default="", help=_("код школы, если его нет в файле"))
    parser.add_argument("--subject", default="", help=_("предмет, если его нет в файле"))
    parser.add_argument("--marked", type=Path, metavar="ПАПКА", help=_("куда положить файлы с пометками"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar="list.json", help=_("list.json, .csv или .xlsx")
    )


def years(text: str) -> tuple[int, ...]:
    """Read «2018,2019»."""
    try:
        return tuple(sorted({int(part) for part in text.split(",")}))
    except ValueError:
        raise argparse.ArgumentTypeError(_("годы пишутся через запятую: 2018,2019")) from None


def run(args: argparse.Namespace) -> int:
    """Read, identify, write; every refusal is one sentence and nothing is written."""
    from opora.lib.progress import counted
    from opora.lists import document, inputs, requests

    mapping, edition = requests.mapping_and_edition(args.mapping, args.edition)
    requests.check_destination(args.out)
    hints = {"year": args.year, "school": args.school, "subject": args.subject, "region": args.territory}
    with counted(_("Чтение файлов"), len(args.files)) as progress, requests.spoken(args.marked):
        taken = inputs.read_inputs(
            args.files, mapping=mapping, schools=args.schools, hints=hints, progress=progress
        )
        made = document.make(taken, edition, years=args.years, territory=args.territory)
    document.write(made, args.out)
    print("\n".join([document.summary(made), *taken.notes]))
    return 0
