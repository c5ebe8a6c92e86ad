"""The deeds of identification, as the trace says them."""

DEEDS = {
    "start_run": "составлен проект перечня «{title}» по редакции {edition}",
    "save_scenario": "сохранён сценарий «{scenario}» к перечню «{title}»",
    "drop_scenario": "убран сценарий «{scenario}» к перечню «{title}»",
    "choose_participants": "отобраны участники из перечня «{title}»: школ {count}",
    "fix_participant": "отбор из перечня «{title}», вручную: {school_name}, {way}. Причина: {reason}",
    "drop_choice": "убран отбор участников из перечня «{title}»",
    "export_list": "выгружен перечень «{title}» ({of}): {kind}, школ: {schools}",
    "send_for_agreement": "перечень «{title}» отправлен на согласование, возразить можно до {until}",
    "agree_list": "согласован перечень «{title}»",
    "object_to_list": "подано возражение № {number} к перечню «{title}»: {school_name}",
    "decide_objection": "решено по возражению № {number} к перечню «{title}»: {school_name}. {reason}",
    "amend_list": "изменён перечень «{title}»: {school_name}. Причина: {reason}",
    "publish_list": "утверждён перечень «{title}» приказом № {order_number} от {order_date}",
}

FIELDS = {
    "identification.objection": {"state": "состояние", "answer": "ответ"},
    "identification.run": {
        "title": "название",
        "state": "состояние",
        "order_number": "номер приказа",
        "order_date": "дата приказа",
        "objections_until": "возражения до",
        "agreed_at": "согласован",
        "order_digest": "файл приказа",
        "valid_until": "действует до",
    },
}
