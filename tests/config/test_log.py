"""PostgreSQL's own words become one sentence for the person."""

from pathlib import Path

import pytest

from opora.config.postgres.log import told_by


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            'PANIC:  could not write to file "pg_wal/xlogtemp.1": No space left on device\n',
            "На диске с папкой базы «/data/pg» кончилось место; освободите его и повторите.",
        ),
        (
            "FATAL:  could not open file: Permission denied\n",
            "У PostgreSQL нет доступа к папке базы «/data/pg»; проверьте, кому она принадлежит.",
        ),
        (
            "initdb: error: cannot be run as root\nHint: Please log in as the user\n",
            "PostgreSQL не запускается от root, а другого пользователя взять не удалось; "
            "задайте OPORA_PG_USER.",
        ),
        (
            "LOG:  starting\nFATAL:  bogus data in lock file\nLOG:  database system is shut down\n",
            "PostgreSQL не запустился в «/data/pg»: FATAL:  bogus data in lock file",
        ),
        ("something odd\n\n", "PostgreSQL не запустился в «/data/pg»: something odd"),
        ("", "PostgreSQL не запустился в «/data/pg»: он ничего не сказал"),
    ],
)
def test_what_the_server_said_before_it_ended_is_told_in_a_sentence(said, sentence):
    """Слова сервера — фразой, которую можно понять и исправить."""
    assert told_by(said, Path("/data/pg")) == sentence
