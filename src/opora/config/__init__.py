"""Settings, addresses and the database that the program runs on."""
