"""Where a plan is computed: DuckDB unless a connection to another engine is given; PostgreSQL and Spark are proven.

A plan is written once, in Ibis. What no two engines spell alike are three functions (`columns`), the order of texts, and
how tables come in and results go out; that is all that stands here.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

from ronghe.kernel.errors import DomainError
from ronghe.kernel.words import N_, listed

Table = Any
"""An Ibis table expression."""

_numbers = count(1)


class EngineUnknown(DomainError):
    """Nobody has proven that this engine gives the same digits."""

    code = "engine_unknown"
    sentence = N_("没有验证过用“%(engine)s”计分，结果可能不同。可以用：%(known)s。")
    status = 422


class Engine:
    """DuckDB, and what is the same on every engine."""

    name: ClassVar[str] = "duckdb"

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    # In

    def table(self, given: Any) -> Table:
        """Return a Parquet path, an Arrow table, an Ibis table or a list of mappings as a table of this engine."""
        import ibis
        import pyarrow as pa

        if isinstance(given, ibis.Table):
            return self.known(given)
        if isinstance(given, str | Path):
            return self.known(self.scanned(str(given)))
        return self.known(self.held(given if isinstance(given, pa.Table) else pa.Table.from_pylist(list(given))))

    def known(self, table: Table) -> Table:
        """Return a table with columns of the types that they really have."""
        return table

    def scanned(self, path: str) -> Table:
        """Return the rows of a Parquet file."""
        return self.connection.read_parquet(path)

    def held(self, rows: Any) -> Table:
        """Return an Arrow table as a table of this engine."""
        import ibis

        return ibis.memtable(rows)

    # Out

    def to_pyarrow(self, expression: Any) -> Any:
        """Compute an expression."""
        return self.connection.to_pyarrow(self.spelled(expression))

    def to_parquet(self, table: Table, path: str) -> None:
        """Compute a table into a Parquet file, without loading it here."""
        self.connection.to_parquet(self.spelled(table), path)

    def keep(self, name: str, table: Table) -> Table:
        """Compute a table into the engine's memory and return what was kept."""
        return self.connection.create_table(name, self.spelled(table), temp=True)

    def drop(self, table: Table) -> None:
        """Let go of what was kept."""
        self.connection.raw_sql(f"DROP TABLE {table.get_name()}")

    def spelled(self, expression: Any) -> Any:
        """Return an expression in this engine's words."""
        return expression

    @property
    def too_large(self) -> tuple[type[Exception], ...]:
        """What the engine raises when a number does not fit."""
        import duckdb

        return duckdb.OutOfRangeException, duckdb.ConversionException


class _Spelling(Engine):
    """An engine that spells some functions its own way."""

    spellings: ClassVar[dict[str, Callable[..., Any]]]
    """How the engine writes a function, by the name that plans use."""

    def spelled(self, expression: Any) -> Any:
        """Return the expression with every function under the engine's own name."""
        return expression.op().replace(self._respelled).to_expr()

    def _respelled(self, node: Any, children: dict[str, Any] | None) -> Any:
        import ibis.expr.operations as ops

        node = node.__recreate__(children) if children is not None else node
        if isinstance(node, ops.ScalarUDF) and node.__func_name__ in self.spellings:
            return self.spellings[node.__func_name__](*(arg.to_expr() for arg in node.args)).op()
        return node


class Postgres(_Spelling):
    """PostgreSQL: tables come in by COPY, texts are ordered by their bytes whatever the collation."""

    name = "postgres"
    spellings: ClassVar[dict[str, Callable[..., Any]]] = {
        "divide": lambda number, by: _function("int8div", "int64", number.cast("int64"), by.cast("int64")),
        "json_extract_string": lambda document, path: _function(
            "json_extract_path_text", "string", document.cast("json"), _key_in(path)
        ),
    }

    def scanned(self, path: str) -> Table:
        """Copy a Parquet file into a temporary table."""
        import pyarrow.parquet as pq

        return self.held(pq.read_table(path))

    def held(self, rows: Any) -> Table:
        """Copy an Arrow table into a temporary table."""
        import ibis
        from pyarrow import csv

        name = f"scoring_{next(_numbers)}"
        table = self.connection.create_table(name, schema=ibis.schema(rows.schema), temp=True)
        written = io.BytesIO()
        csv.write_csv(rows, written, csv.WriteOptions(include_header=False))
        with self.connection.con.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
            copy.write(written.getbuffer())
        return table

    def to_parquet(self, table: Table, path: str) -> None:
        """Fetch a table and write it as Parquet."""
        import pyarrow.parquet as pq

        pq.write_table(self.to_pyarrow(table), path)

    def _respelled(self, node: Any, children: dict[str, Any] | None) -> Any:
        import ibis.expr.operations as ops

        node = super()._respelled(node, children)
        if isinstance(node, ops.SortKey) and node.dtype.is_string():
            return node.copy(arg=_function("convert_to", "binary", node.arg.to_expr(), "UTF8").op())
        return node

    @property
    def too_large(self) -> tuple[type[Exception], ...]:
        """A value out of range."""
        from psycopg.errors import NumericValueOutOfRange

        return (NumericValueOutOfRange,)


class Spark(_Spelling):
    """Spark through PySpark 4, in ANSI mode, where a number that does not fit is an error."""

    name = "pyspark"
    spellings: ClassVar[dict[str, Callable[..., Any]]] = {
        "divide": lambda number, by: _function("div", "int64", number, by),
        "json_extract_string": lambda document, path: _function(
            "get_json_object", "string", document, f"$['{_key_in(path)}']"
        ),
    }

    def known(self, table: Table) -> Table:
        """Ibis takes Spark's moments for times without a zone; they would be read as times of Shanghai."""
        from pyspark.sql.types import TimestampType

        given = self._computed(table).schema
        moments = [field.name for field in given if isinstance(field.dataType, TimestampType)]
        return table.mutate(**{name: table[name].cast("timestamp('UTC')") for name in moments})

    def held(self, rows: Any) -> Table:
        """Hand an Arrow table over."""
        name = f"scoring_{next(_numbers)}"
        self._session.createDataFrame(rows).createOrReplaceTempView(name)
        return self.connection.table(name)

    def to_pyarrow(self, expression: Any) -> Any:
        """Compute an expression, without pandas on the way: it would turn whole numbers into doubles."""
        from py4j.protocol import Py4JJavaError

        try:
            return self._computed(expression).toArrow()
        except Py4JJavaError as error:  # what is raised while rows are handed over comes as Java's own
            if "OVERFLOW" in str(error):
                raise OverflowError from error
            raise

    def to_parquet(self, table: Table, path: str) -> None:
        """Fetch a table and write it as one Parquet file."""
        import pyarrow.parquet as pq

        pq.write_table(self.to_pyarrow(table), path)

    def keep(self, name: str, table: Table) -> Table:
        """Cache a table under a name."""
        self._computed(table).cache().createOrReplaceTempView(name)
        return self.connection.table(name)

    def drop(self, table: Table) -> None:
        """Let go of a cached table."""
        self._session.catalog.uncacheTable(table.get_name())
        self._session.catalog.dropTempView(table.get_name())

    def _computed(self, expression: Any) -> Any:
        return self._session.sql(self.connection.compile(self.spelled(expression.as_table())))

    @property
    def _session(self) -> Any:
        return self.connection._session  # noqa: SLF001 - Ibis hands it out no other way

    @property
    def too_large(self) -> tuple[type[Exception], ...]:
        """Arithmetic that ANSI mode refuses."""
        from pyspark.errors import ArithmeticException

        return OverflowError, ArithmeticException


ENGINES: dict[str, type[Engine]] = {engine.name: engine for engine in (Engine, Postgres, Spark)}


def engine_over(connection: Any = None) -> Engine:
    """Return the engine that an Ibis connection leads to; a DuckDB of its own for None.

    :raises EngineUnknown: the connection leads elsewhere
    """
    import ibis

    connection = connection if connection is not None else ibis.duckdb.connect()
    if connection.name not in ENGINES:
        raise EngineUnknown(engine=connection.name, known=listed(ENGINES))
    return ENGINES[connection.name](connection)


def _function(name: str, returns: str, first: Any, second: Any) -> Any:
    """Call a function of two values that the engine has built in."""
    import ibis

    given = [value if isinstance(value, ibis.Value) else ibis.literal(value) for value in (first, second)]
    signature = (tuple(str(value.type()) for value in given), returns)
    return ibis.udf.scalar.builtin(_of_two, name=name, signature=signature)(*given)


def _of_two(first: Any, second: Any) -> Any:
    """What a built-in function looks like to Ibis; the engine has the body."""


def _key_in(path: Any) -> str:
    """Return the key that a JSON path of a plan names (`$."key"`)."""
    return str(path.op().value)[3:-1]
