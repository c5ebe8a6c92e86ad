"""The words of this room's deeds."""

DEEDS = {
    "invite_person": "пригласил(а) человека № {person}: {way}",
    "withdraw_invitation": "отозвал(а) приглашение человека № {person}",
    "accept_invitation": "принял(а) приглашение и задал(а) пароль",
    "refuse_invitation": "отказано в приглашении: {why}",
    "import_people": "загрузил(а) таблицу людей: новых назначений {added}, без изменений {unchanged}",
    "ask_to_be_forgotten": "попросил(а) забыть свои данные",
    "forget_person": "заменил(а) имя и адрес человека № {person} номером",
}
