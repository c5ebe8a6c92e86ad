"""The deeds of visits, as the trace says them. What was seen and agreed on is not in it."""

DEEDS = {
    "plan_visit": "{school_name}: запланирован визит на {on}",
    "move_visit": "{school_name}: визит перенесён с {before} на {on}",
    "cancel_visit": "{school_name}: отменён визит {on}",
    "hold_visit": "{school_name}: визит {on} отмечен как состоявшийся",
    "take_records": "{school_name}, визит {on}: получено записей — {count}",
    "keep_photo": "{school_name}, визит {on}: получена фотография",
    "remove_photo": "{school_name}, визит {on}: убрана фотография, которую отозвали",
}
