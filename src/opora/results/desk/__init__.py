"""The import desk: many files at once, resumed where they broke off, queued, read one after another."""
