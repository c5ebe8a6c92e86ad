"""Own questionnaires (свои анкеты): brought as a workbook, looked at, put in force, asked beside ours."""
