"""The personal office («Личный кабинет»): what waits for somebody, what changed, their schools and data."""
