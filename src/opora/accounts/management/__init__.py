"""What an administrator does with accounts on the command line."""
