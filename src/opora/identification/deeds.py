"""The deeds of identification, as the trace says them."""

DEEDS = {
    "start_run": "составлен проект перечня «{title}» по редакции {edition}",
    "publish_list": "утверждён перечень «{title}» приказом № {order_number} от {order_date}",
}

FIELDS = {
    "identification.run": {
        "title": "название",
        "state": "состояние",
        "order_number": "номер приказа",
        "order_date": "дата приказа",
    }
}
