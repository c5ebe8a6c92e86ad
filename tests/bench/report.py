"""Writes ``docs/bench.md`` of a whole run: what each line is, what was wanted of it, whether it is met."""

import os
from datetime import date
from pathlib import Path
from typing import Any

KEYS = ("name", "size", "rows", "seconds", "limit_seconds", "ratio", "peak_mb")
TARGETS: dict[tuple[str, str], list[tuple[str, float]]] = {  # what is wanted: at most so much
    ("count", "full"): [("ratio", 2.5)],
    ("count", "vast"): [("peak_mb", 1200)],
    ("identify", "full"): [("seconds", 0.15)],
    ("what_if", "full"): [("seconds", 0.05)],
    ("import_files", "full"): [("ms_a_file", 1000 / 700)],
    ("what if", "full"): [("p95_seconds", 0.3)],
    ("export", "full"): [("first_byte_seconds", 1), ("grows_mb", 64)],
    ("bias", "full"): [("auc_lacks", 0.1), ("false_alarms", 0.05)],
    ("bias_weak", "full"): [("auc_lacks", 0.1), ("false_alarms", 0.05)],
    ("bias_throughout", "full"): [("auc_lacks", 0.1), ("false_alarms", 0.05)],
    ("bias_none", "full"): [("false_alarms", 0.05)],
    ("context", "full"): [("seconds", 2), ("covered_off", 0.02)],
    ("calibration", "full"): [("covered_off", 0.02), ("apart", 0.02), ("small_wrong", 0.75)],
    ("disagreement", "full"): [("recall_lacks", 0.1), ("false_discovery", 0.05)],
    ("disagreement_weak", "full"): [("false_discovery", 0.05)],
    ("disagreement_strong", "full"): [("recall_lacks", 0.1), ("false_discovery", 0.05)],
    ("disagreement_director", "full"): [("false_discovery", 0.05)],
    ("disagreement_none", "full"): [("false_campaigns", 0.05)],
    ("profile_scores", "full"): [("seconds", 10)],
    ("profile_intervals", "full"): [("seconds", 60)],
    ("profile_coverage", "full"): [("covered_off", 0.02)],
    ("list", "full"): [("p95_seconds", 0.06), ("queries", 8)],
    ("sign_in", "full"): [("ms_a_sign_in", 1000 / 20)],
    ("access", "full"): [("adds_ms", 3), ("adds_queries", 2)],
    ("selection_region", "full"): [("slowest", 15), ("unproven", 0)],
    ("selection_country", "full"): [("seconds", 5), ("gap_percent", 0.25)],
    ("attack", "full"): [("recovered", 0)],
    ("attack_profiles", "full"): [("recovered", 0)],
    ("sync", "full"): [("lost", 0), ("doubled", 0)],
    ("submissions", "full"): [("ms_a_sheet", 1000 / 240), ("p95_seconds", 0.08)],
    ("submissions_class", "full"): [("lost", 0), ("doubled", 0)],
}
EACH = ("ms_a_file", "ms_a_sign_in", "ms_a_sheet")  # how long one of a line's rows takes


def sides(line: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Answer ours and the peers of one line."""
    return [("opora", line), *((name, one) for name, one in line.items() if isinstance(one, dict) and one)]


def met(line: dict[str, Any]) -> str:
    """Say whether what was wanted of a line is met; nothing where nothing was."""
    told = []
    for what, most in TARGETS.get((line["name"], line["size"]), []):
        if line["seconds"] is None:
            return "не измерено"
        each = what in EACH
        value = line["seconds"] / line["rows"] * 1000 if each else line[what]
        measured = "" if each or what in ("ratio", "seconds", "peak_mb") else f" ({value})"
        verdict = "выполнено" if value <= most else "не выполнено"
        told.append(f"{WANTED[what].format(most=most)}{measured}: {verdict}")
    return "; ".join(told)


WANTED = {
    "ratio": "отношение ≤ {most}",
    "seconds": "≤ {most} с",
    "peak_mb": "память ≤ {most} МБ",
    "ms_a_file": "не меньше 700 файлов в секунду",
    "ms_a_sign_in": "не меньше 20 входов в секунду",
    "ms_a_sheet": "не меньше 240 листов в секунду",
    "p95_seconds": "p95 ≤ {most} с",
    "first_byte_seconds": "первый байт ≤ {most} с",
    "covered_off": "90-процентные интервалы накрывают истину с отклонением ≤ {most}",
    "apart": "сказанная вероятность сбывается с отклонением ≤ {most}",
    "small_wrong": "ошибок о школах до 30 учеников ≤ {most} от ошибок правила",
    "auc_lacks": "AUC не меньше 1 − {most}",
    "false_alarms": "ложных тревог ≤ {most}",
    "recall_lacks": "пропущено ≤ {most} того, что есть",
    "false_discovery": "ложных среди найденных ≤ {most}",
    "false_campaigns": "кампаний с ложной находкой ≤ {most}",
    "grows_mb": "памяти прибавилось ≤ {most} МБ",
    "queries": "не больше {most} запросов",
    "adds_ms": "доступ добавляет ≤ {most} мс",
    "slowest": "самый долгий ≤ {most} с",
    "unproven": "без доказательства — не больше {most}",
    "gap_percent": "до границы ≤ {most} %",
    "adds_queries": "доступ добавляет не больше {most} запросов",
    "recovered": "раскрыто скрытых ячеек ≤ {most}",
    "lost": "потеряно листов — не больше {most}",
    "doubled": "сосчитано дважды — не больше {most}",
}
ABOUT = """# Замеры

Страницу пишет `./opora bench`. Секунды — медианы чередующихся запусков, каждый в своём процессе; отношение —
медиана отношений соседних запусков. Это плановые цифры одной машины, а не обещания.

- **Предел счёта** — быстрейшее из двух чтений тех же столбцов Parquet в свежем процессе: DuckDB, который
  проходит каждое значение (`bit_xor`), и Polars, который кладёт столбцы в память. Метаданными не обходится
  ни одно из двух.
- **count** — участники в оценки школ (`count_outcomes.sql`); **count_scores** — ещё и гистограмма баллов,
  предел — те же столбцы и балл.
- **identify** — перечень с основаниями из оценок, **what_if** — перечень при другом пороге; запуск программы
  и первая загрузка библиотек не считаются.
- **import_files** — книги xlsx «Протокол» по 87 участников через полное чтение на двух процессах; предел —
  одна распаковка ячеек.
- **pandas** считает из тех же строк; у identify — из готовых оценок в памяти, **pandas_pupils** — весь путь
  от строк участников до перечня, **pandas_strings** — тот же путь, как его проходит тетрадь: строки такие,
  какими их отдаёт регион, где школа, работа, предмет, класс и год — текст. **postgresql** выполняет тот же
  SQL, загрузка таблицы не считается. **openpyxl** читает ячейки и больше ничего.
- **list…, country, region** — страницы над базой, в которой 40 000 школ: время всего приложения на сервере,
  без сети; секунды — медиана сорока запросов. **run** — перечень страны, составленный и записанный.
- **what if** — «Что, если» для страны: от запроса до страницы, каждый раз с другим порогом; первый взгляд
  читает результаты страны в память.
- **export** — перечень файлом: от запроса до последнего байта; память — насколько вырос
  процесс, пока файл уходил.
- **calibration** — то, что сказано о неопределённости, рядом с известной истиной: три страны, придуманные с
  разными зёрнами; секунды — решения, их устойчивость и вероятные доли одной страны.
- **bias** — признаки необъективности: половину (**weak** — три десятых) работ чуть ниже границ отметок
  подняли над ними в части школ; **throughout** — помогали всем и во всём; **none** — честны все. Ложные
  тревоги сказаны и отдельно: для честных школ, которые намного лучше похожих, и для тех, где есть сильный и
  слабый класс.
- **context** — индекс контекста и ожидаемые результаты там, где известно, как контекст связан с результатами:
  от строк показателей до ожидаемой доли каждой школы; рядом — сколько различий контекст объясняет на самом
  деле. **neighbours**, **clusters**, **map** — похожие школы, кластеры, карта с наставниками.
- **disagreement** — расхождения групп, подсаженные в десятую часть школ и показателей: одну из трёх групп
  сдвинули на 20–25 баллов (**weak** — на 15–20, **strong** — на 25–30), отвечают 25–60 человек, которые
  сами различаются примерно на 18; **none** — не сдвинут никто; **director** — одна из групп — один человек.
- **profile** — рисковые профили 3 000 школ по 300 ответивших и 60 вопросов: **scores** — баллы,
  **intervals** — интервалы по тысяче повторных выборов; **coverage** — накрывает ли интервал среднее всех.
- **profile_release** — выпуск профилей целиком, как его делает рабочий: листы шести анкет лежат в базе, по 46
  на школу (созданы запросом из трёхсот разных ответов на каждую анкету); прочитать и отделить то, о чём можно
  сказать, посчитать баллы с интервалами и расхождениями, записать профили школ.
- **access** — страница перечня со второй стеной (роль, область видимости, правила таблиц) и без неё,
  попеременно; добавка — медиана разностей соседних запросов.
- **selection_region** — 18 из 120 школ с доказательством, двадцать выдуманных регионов;
  **selection_country** — 250 из 6 000 под квотами, при одном, двух, трёх, четырёх и восьми признаках. При
  двух граница близка; чем признаков больше, тем дальше она: при трёх она сошлась до конца, а отбор, который
  улучшали впятнадцатеро дольше, всё так же в 0,28 % от неё — это зазор самой границы (лагранжева ослабления),
  а не отбора. При одном признаке граница сходится медленно и остаётся грубой.
- **attack** — нападающий знает всё, что показано об опросе тысячи выдуманных школ: таблицы, итоги, шестьдесят
  фильтров, три публикации подряд, сколько ответило в каждой группе; линейной программой он ищет наименьшее и
  наибольшее возможное для каждой скрытой ячейки. Если скрыть только малые группы, он раскрывает их тысячами.
  **attack_profiles** — то же с числами рисковых профилей тех же школ: баллы показателей, средние ответы и
  вклад каждого вопроса, два выпуска, вопросы, общие с другим годом; он ищет ответы тех, кто ответил на одни
  и те же вопросы и кого меньше пяти. Рядом — сколько он раскрывает у части школ, если снять одну из защит.
- **sync** — анкета без связи под сбоями: запрос или ответ теряется, приходит дважды, поздно, не по порядку;
  вместо сервера отвечает посредник; вкладку убивают на любом шаге; две вкладки, два человека, два устройства;
  места нет, память стёрта или закрыта; часы врут на двое суток; код с опечаткой. **made-up worlds** — те же
  модули, что в анкете, в выдуманных мирах, каждый из своего зерна; **in a browser** — люди в настоящем
  браузере на настоящем сервере, листы считает база. Потерян — кому сказано «приняты» или «ждут», а лист не
  пришёл.
- **submissions** — листы учителя по шестьдесят ответов, каждый со своим одноразовым кодом, от восьми человек
  сразу минуту подряд; **submissions_half** — пять минут вдвое медленнее; каждый пятидесятый послан дважды
  сразу. **submissions_class** — тридцать телефонов разом открывают анкету по 32 кбит/с; потеряны и сосчитаны
  дважды — за всё измерение, по номерам в самих листах. На тех же двух ядрах — база, два процесса, рабочий и
  сами люди.
- **sign_in** — полные входы по HTTP (страница, форма, сессия, запись в журнале) на двух процессах с настоящим
  Argon2; секунды — сколько длилось всё измерение.
"""


def page(lines: list[dict[str, Any]]) -> str:
    """Write the page of a full run: the machine, the day, what was wanted, and every line."""
    rows = []
    for line in lines:
        for who, one in sides(line):
            wanted = met(line) if one is line else one.get("left_out", "")
            told = [f"{one['rows']:,}".replace(",", " ") if one.get("rows") else ""]
            told += ["" if one.get(key) is None else str(one[key]) for key in KEYS[3:]]
            what = line.get("page", line["name"])
            rows.append(f"| {what} | {who} | {' | '.join(told)} | {wanted or one.get('left_out', '')} |")
    head = [
        "| что | кто | строк | секунд | предел, с | отношение | память, МБ | цель |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([ABOUT, f"{date.today().isoformat()} · {machine()}", "", *head, *rows, ""])


def machine() -> str:
    """Describe the machine: processor, cores, memory, how busy it is."""
    about = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.split(":")[1].strip() for line in about.splitlines() if line.startswith("model name")), "?"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, ядер: {os.cpu_count()}, {memory:.0f} ГБ, нагрузка в конце {os.getloadavg()[0]:.1f}"
