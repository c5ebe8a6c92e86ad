"""Pages of accounts: coming in, a forgotten password, the safety of signing in, other systems."""
