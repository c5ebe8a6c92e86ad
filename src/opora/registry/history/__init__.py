"""The history of schools: dated changes, what follows from them on any day, and the figures they carry."""
