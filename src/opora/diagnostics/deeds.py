"""The deeds of diagnostics, as the trace says them. Answering is nobody's deed: it leaves no trace."""

DEEDS = {
    "prepare_campaign": "подготовлен опрос «{title}»: школ {schools}",
    "open_campaign": "начат опрос «{title}»",
    "close_campaign": "завершён опрос «{title}»",
    "drop_campaign": "убран опрос «{title}», который не начинался",
    "bring_form": "загружена своя анкета «{title}»: черновик {form}",
    "replace_form": "черновик {form} заменён: «{title}»",
    "put_form_in_force": "анкета «{title}» ({form}) введена в действие",
    "withdraw_form": "анкета «{title}» ({form}) снята: в новых опросах её не спрашивают",
    "drop_form": "убран черновик анкеты «{title}» ({form})",
    "release_profiles": "составлены рисковые профили по опросу «{title}»: школ {schools}",
    "verify_profile": "опрос «{title}», {school_name}: сказано о рисковом профиле",
    "sign_verification": "опрос «{title}», {school_name}: подписана верификация рискового профиля",
    "take_verification_back": "опрос «{title}», {school_name}: снята подпись под верификацией",
    "remind_schools": "опрос «{title}»: напомнили школам, {schools}",
    "tell_invited": "опрос «{title}», {school_name}: приглашено ответить {invited} ({form})",
    "set_codes_aside": "опрос «{title}», {school_name}: отложены коды для бумаги, {count} ({form})",
    "begin_paper_pack": "опрос «{title}», {school_name}: начата пачка бумажных анкет ({form})",
    "remove_paper_sheet": "опрос «{title}», {school_name}: убран лист из пачки бумажных анкет ({form})",
    "drop_paper_pack": "опрос «{title}», {school_name}: убрана пачка, листов {sheets} ({form})",
    "finish_paper_pack": "опрос «{title}», {school_name}: сдана пачка, листов {sheets} ({form}); оба раза "
    "вводил один человек: {same}; разошлось ответов {differing} из {entered}",
    "make_codes": "опрос «{title}», {school_name}: сделаны коды, {count} ({form})",
}

FIELDS = {
    "diagnostics.campaign": {
        "title": "название",
        "state": "состояние",
        "closes_on": "последний день",
        "closed_on": "завершён",
    },
}
