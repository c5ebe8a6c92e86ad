"""Commands of accounts, ``./opora manage NAME``."""
