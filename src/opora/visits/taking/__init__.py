"""Taking records and photos, whichever way they come."""
