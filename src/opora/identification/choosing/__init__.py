"""The choice of participants (отбор участников): candidates of a list, quotas, what each change costs."""
