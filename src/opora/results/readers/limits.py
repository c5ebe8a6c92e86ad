"""How large a file may be: what keeps memory and time bounded, whatever a file says of itself."""

MEGABYTE = 1024 * 1024

BOOK_BYTES = 64 * MEGABYTE  # a workbook as it is sent
TEXT_BYTES = 2048 * MEGABYTE  # a CSV as it is sent: it is read as a stream
HELD_BYTES = 32 * MEGABYTE  # a CSV up to this size is kept in memory, a longer one is read from its place

PARTS = 2_000  # files inside a workbook
DIRECTORY_BYTES = 1 * MEGABYTE  # the table of contents inside a workbook
UNPACKED_BYTES = 400 * MEGABYTE  # all parts of a workbook together
HANDED_BYTES = 16 * MEGABYTE  # a workbook up to this size unpacked is handed to the library unpacked
RATIO = 200  # unpacked to packed; sheets of one repeated row reach about 100
RATIO_FROM_BYTES = 20 * MEGABYTE  # below this size unpacked the ratio does no harm
TEXT_SPREAD_BYTES = 512 * MEGABYTE  # shared texts repeated in every cell that names them

ROWS = 200_000  # of one sheet of a workbook; a CSV has no such limit
COLUMNS = 400
CELLS = 6_000_000  # of all sheets of a workbook, empty ones inside the filled area too
SHEETS = 200
TEXT_CHARACTERS = 32_767  # in one cell, Excel's own limit
HELD_ROWS = 200_000  # of a CSV asked for as a list; more only by ``iter_rows``
