"""How much of a visit is taken: our own limits, said so where they are met."""

MOST_AT_ONCE = 200  # records in one sending
MOST_BYTES = 2_000_000  # of one sending without photos
MOST_RECORDS = 3_000  # of one visit
LARGEST_PHOTO = 8_000_000  # bytes; the pack itself sends about 300 KB
MOST_PHOTOS = 100  # of one visit
LARGEST_FILE = 150_000_000  # bytes of an export with its photos
