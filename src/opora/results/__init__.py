"""Results of assessments: files are read, counted and discarded; counts are kept in the store."""
