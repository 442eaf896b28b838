"""Three engines over the same two million facts: what `make engines` runs, and `make test` leaves out (it needs Java)."""

from __future__ import annotations

import os

import ibis
import pytest

from ronghe.scoring.engines import Engine, engine_over
from tests.engines.field import field, shipped_sheets

FACTS = 2_000_000


@pytest.fixture(scope="session", autouse=True)
def emptying() -> None:
    """No table of the platform is touched here."""


@pytest.fixture(scope="session")
def tables(tmp_path_factory) -> dict:
    return field(tmp_path_factory.mktemp("field"), FACTS, shipped_sheets())


@pytest.fixture(scope="session")
def duckdb_engine() -> Engine:
    return engine_over()


@pytest.fixture(scope="session")
def postgres_engine() -> Engine:
    url = os.environ.get("RONGHE_DATABASE_URL", "postgres:///test")
    connection = ibis.connect(url)
    connection.raw_sql("SET jit = off").close()
    connection.raw_sql("SET enable_nestloop = off").close()  # half a minute each for sheets with few subjects
    yield engine_over(connection)
    connection.disconnect()


@pytest.fixture(scope="session")
def spark_engine() -> Engine:
    """Four processes' worth of partitions on two cores, in a zone that is neither Shanghai's nor UTC."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "3g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.session.timeZone": "America/New_York",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield engine_over(ibis.pyspark.connect(session))
    session.stop()


@pytest.fixture(scope="session")
def in_duckdb(duckdb_engine, tables) -> dict:
    return {name: duckdb_engine.table(path) for name, path in tables.items()}


@pytest.fixture(scope="session")
def in_postgres(postgres_engine, tables) -> dict:
    loaded = {name: postgres_engine.table(path) for name, path in tables.items()}
    for table in loaded.values():
        postgres_engine.connection.raw_sql(f"ANALYZE {table.get_name()}").close()
    return loaded


@pytest.fixture(scope="session")
def in_spark(spark_engine, tables) -> dict:
    return {name: spark_engine.table(path) for name, path in tables.items()}
