"""What tests of the import desk share: a browser that sends files in pieces, as the page does."""

import json
from types import SimpleNamespace

from opora.results.models import DeskFile

PIECES = "application/offset+octet-stream"
STATISTICS = """школа;год;процедура;предмет;класс;участников;низких
sch250004;2019;впр;русский язык;6;30;29
"""


class Sender:
    """Sends files to a desk through the pages, as a signed-in person's browser."""

    def __init__(self, client):
        self.client = client

    def announce(self, *files, **hints):
        """Announce files: pairs of a name and its bytes."""
        told = [{"name": name, "size": len(content), "modified": 7} for name, content in files]
        answer = self.client.post("/results/desk/", {"files": json.dumps(told), **hints})
        assert answer.status_code == 200, answer.content.decode()
        return [SimpleNamespace(**one) for one in answer.json()["files"]]

    def piece(self, address, offset, content):
        """Send a piece."""
        headers = {"Upload-Offset": str(offset)}
        return self.client.patch(address, content, content_type=PIECES, headers=headers)

    def offset(self, address):
        """Ask how much has come."""
        return int(self.client.head(address).headers["Upload-Offset"])

    def send(self, *files, piece=1 << 20, **hints):
        """Send files whole, and answer their rows."""
        places = self.announce(*files, **hints)
        for place, (_name, content) in zip(places, files, strict=True):
            for offset in range(place.offset, len(content), piece):
                answer = self.piece(place.address, offset, content[offset : offset + piece])
                assert answer.status_code == 204, answer.content.decode()
        return [row_at(place.address) for place in places]


def row_at(address):
    """Answer the row of an address."""
    return DeskFile.objects.get(key=address.rstrip("/").rpartition("/")[2])
