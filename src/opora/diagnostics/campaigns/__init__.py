"""Campaigns (опросы): made, begun and ended; invitations are handed out, and who answers is counted."""
