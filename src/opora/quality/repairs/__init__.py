"""The plan of repairs: criteria that are not fulfilled, each with what is done about it, or why nothing."""
