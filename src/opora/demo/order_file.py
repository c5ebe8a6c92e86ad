"""An invented order as a text document, so that the demo has a file to hand out."""

from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from opora.registry.orders import OrderFile

OFFICE = "http://schemas.openxmlformats.org"
TYPES = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
LINKS = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1"
 Type="{OFFICE}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>
</Relationships>"""


def order_file(name: str, lines: list[str]) -> OrderFile:
    """Write a document (DOCX) of these paragraphs; the same lines give the same bytes."""
    text = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{OFFICE}/wordprocessingml/2006/main"><w:body>{text}</w:body></w:document>'
    )
    parts = {"[Content_Types].xml": TYPES, "_rels/.rels": LINKS, "word/document.xml": document}
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as book:
        for part, words in parts.items():
            book.writestr(ZipInfo(part), words)
    return OrderFile(name, content.getvalue())
