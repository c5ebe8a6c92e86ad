"""Serving the pages: the web server, and the connections to the database that requests share."""

import socket

MOST = (
    20  # connections at once in one process: whoever comes next waits, as PostgreSQL takes a hundred in all
)
WAIT = 30  # seconds
ENDING = 5  # seconds that requests have to end when the server is told to


def serve_pages(listening: socket.socket) -> None:
    """Serve on a port that was taken, until told to end."""
    import uvicorn

    share_connections()
    config = uvicorn.Config(
        "opora.config.asgi:application", lifespan="off", log_level="warning", timeout_graceful_shutdown=ENDING
    )
    uvicorn.Server(config).run(sockets=[listening])


def share_connections() -> None:
    """Let each request take a connection that is open already: opening one costs more than most pages.

    A connection that was cut is replaced as it is taken. What a request says of itself on it
    (``registry/acting.py``) is taken back at its end, and once more before the next one asks anything.
    """
    from django.db import connections

    connections.close_all()  # they were opened outside the pool
    told = connections.settings["default"]
    told["CONN_HEALTH_CHECKS"] = True
    told["OPTIONS"] = {**told["OPTIONS"], "pool": {"min_size": 1, "max_size": MOST, "timeout": WAIT}}
