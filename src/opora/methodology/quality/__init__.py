"""The school's own quality assessment (ВСОКО): the check-list, what a sheet says and lacks, journal marks."""
