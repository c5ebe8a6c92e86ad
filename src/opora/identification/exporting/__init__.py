"""A list as a file (выгрузка): XLSX, DOCX, PDF, JSON, with the legal note and the name of who took it."""
