"""Accounts: the people who sign in."""
