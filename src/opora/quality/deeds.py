"""The deeds of quality checks, as the trace says them."""

DEEDS = {
    "begin_check": "начата проверка ВСОКО «{title}»: школ {schools}",
    "end_check": "завершена проверка ВСОКО «{title}»",
    "drop_check": "убрана проверка ВСОКО «{title}», которую никто не начал заполнять",
    "fill_section": "проверка «{title}», {school_name}: школа заполнила раздел «{section}»",
    "sign_sheet": "проверка «{title}», {school_name}: школа подписала лист",
    "take_sheet_back": "проверка «{title}», {school_name}: школа сняла подпись",
    "check_section": "проверка «{title}», {school_name}: проверен раздел «{section}»",
    "conclude": "проверка «{title}», {school_name}: записаны выводы",
    "sign_check": "проверка «{title}», {school_name}: подписан результат",
    "take_check_back": "проверка «{title}», {school_name}: снята подпись под результатом",
    "plan_repair": "план исправлений, {school_name}: добавлено «{what}»",
    "change_repair": "план исправлений, {school_name}: изменено «{what}»",
    "drop_repair": "план исправлений, {school_name}: убрано «{what}»",
    "agree_repair": "план исправлений, {school_name}: согласовано «{what}»",
    "return_repair": "план исправлений, {school_name}: возвращено «{what}»",
    "report_repair": "план исправлений, {school_name}: выполнено «{what}»",
}

FIELDS = {
    "quality.qualitycheck": {
        "title": "название",
        "state": "состояние",
        "fill_until": "школы заполняют до",
        "check_until": "проверка до",
        "closed_on": "завершена",
    },
}
