"""The deeds of results, as the trace says them."""

DEEDS = {
    "accept_files": "загружены файлы результатов: принято {accepted} из {files}",
    "keep_mapping": "сохранено соответствие столбцов «{title}»",
    "withdraw_import": "отозван файл результатов",
}
