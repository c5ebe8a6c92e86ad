"""What the deeds of school history are called in the trace, a sentence for each kind of change."""

DEEDS = {
    "record_merge": "записано объединение школ с {on}, приказ № {order}",
    "record_split": "записано разделение или выделение школы с {on}, приказ № {order}",
    "record_branch": "записан филиал школы с {on}, приказ № {order}",
    "record_independent": "записана самостоятельность филиала с {on}, приказ № {order}",
    "record_rename": "записано переименование школы с {on}, приказ № {order}",
    "record_founder": "записана смена учредителя с {on}, приказ № {order}",
    "record_move": "записан переход школы в другой муниципалитет с {on}, приказ № {order}",
    "record_reform": "записано преобразование муниципалитета с {on}, приказ № {order}",
    "record_open": "записано открытие школы с {on}, приказ № {order}",
    "record_close": "записано закрытие школы с {on}, приказ № {order}",
    "record_reopen": "записано возобновление работы школы с {on}, приказ № {order}",
    "record_vpr_login": "записана смена логина ВПР с {on}, приказ № {order}",
    "record_ris_code": "записана смена кода РИС ГИА с {on}, приказ № {order}",
    "record_inn": "записана смена ИНН с {on}, приказ № {order}",
    "take_back_change": "отменено изменение школы с {on}: {why}",
}
