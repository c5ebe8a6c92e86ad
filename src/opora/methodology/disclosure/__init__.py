"""What may be shown of a survey: groups under five hidden, and whatever would reveal them (скрытие малых
групп)."""
