"""The engines that the counting statements are promised to: each knows one Parquet file as ``pupils``."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import psycopg
import pytest

OLDEST_JAVA = 17
QUICK = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # in a run of seconds compiling soon is worth more than well
)
# What an engine calls a type, where the others have another word.
WORDS = {"INT": "INTEGER"}
POSTGRESQL = {pl.Int32: "integer", pl.Int16: "smallint", pl.Int8: "smallint"}


@dataclass(frozen=True)
class Answer:
    """What an engine said: each column's name and type, and the rows in an order of ours."""

    columns: list[tuple[str, str]]
    rows: list[tuple]

    @classmethod
    def of(cls, columns: list[tuple[str, str]], rows: list[tuple]) -> "Answer":
        """Call types by one word, and put rows in one order: no statement promises any."""
        words = [(name, WORDS.get(word.upper(), word.upper())) for name, word in columns]
        return cls(words, sorted(map(tuple, rows), key=repr))


def duckdb_answers(file: Path, statement: str) -> Answer:
    """Run the statement as the program does."""
    with duckdb.connect() as engine:
        engine.read_parquet(str(file)).create_view("pupils")
        told = engine.sql(statement)
        columns = list(zip(told.columns, map(str, told.types), strict=True))
        return Answer.of(columns, told.fetchall())


def postgresql_answers(url: str, file: Path, statement: str) -> Answer:
    """Run the statement over a table that goes with the connection."""
    table = pl.read_parquet(file)
    shape = ", ".join(f"{name} {POSTGRESQL[kind]}" for name, kind in table.schema.items())
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE pupils ({shape})")
        with cursor.copy("COPY pupils FROM STDIN") as copy:
            for row in table.iter_rows():
                copy.write_row(row)
        rows = cursor.execute(statement).fetchall()
        kinds = [connection.adapters.types[column.type_code].regtype for column in cursor.description]
        return Answer.of(
            [(column.name, kind) for column, kind in zip(cursor.description, kinds, strict=True)], rows
        )


def spark_answers(session: Any, file: Path, statement: str) -> Answer:
    """Run the statement in Spark SQL."""
    session.read.parquet(str(file)).createOrReplaceTempView("pupils")
    told = session.sql(statement)
    columns = [(field.name, field.dataType.simpleString()) for field in told.schema.fields]
    return Answer.of(columns, told.collect())


def java() -> int:
    """Answer the release of the Java that Spark would find. Empty: 0."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which(f"{home}/bin/java" if home else "java")
    if not program:
        return 0
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def what_spark_lacks() -> str:
    """Say what is not here of what Spark needs. Empty: ""."""
    if not find_spec("pyspark"):
        return "no pyspark for tests on Spark: run .ci/spark"
    if java() < OLDEST_JAVA:
        return f"no Java {OLDEST_JAVA} or newer for tests on Spark: install it or set JAVA_HOME"
    return ""


@contextmanager
def started_spark(folder: Path) -> Iterator[Any]:
    """Start a small Spark of one thread that writes into ``folder`` and is gone afterwards."""
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    settings = {
        "spark.master": "local[1]",
        "spark.driver.memory": "512m",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"{QUICK} -Djava.io.tmpdir={folder}",
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    interrupt = signal.getsignal(signal.SIGINT)  # Spark puts its own in the place
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_REMOTE", "PYSPARK_SUBMIT_ARGS"):
            patch.delenv(name, raising=False)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_SCALA_VERSION", "2.13")  # a Spark that came with pip cannot tell it by itself
        builder = SparkSession.builder
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            yield session
        finally:
            session.stop()
            gateway, SparkContext._gateway, SparkContext._jvm = SparkContext._gateway, None, None
            gateway.shutdown()
            gateway.proc.stdin.close()  # Java ends when its input does
            gateway.proc.wait(30)
            signal.signal(signal.SIGINT, interrupt)
