"""People and their appointments as pages: the list, a person, invitations, whole tables of people."""
