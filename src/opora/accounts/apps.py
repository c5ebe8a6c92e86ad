"""The room of accounts as the web framework knows it."""

from django.apps import AppConfig


class Accounts(AppConfig):
    name = "opora.accounts"
    label = "accounts"
