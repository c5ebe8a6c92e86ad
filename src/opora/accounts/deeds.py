"""The deeds of accounts, as the trace says them."""

DEEDS = {"add_person": "заведена учётная запись"}
