"""Questionnaires as XLSForm workbooks (обмен анкетами): written for other programs, and read from them."""
