"""A file of rows in JSON becomes one in Parquet. The only module that knows DuckDB (extra `[export]`)."""

from __future__ import annotations

from pathlib import Path

from catalogue import DiskFull
from web import Table

NO_ROOM = "No space left on device"  # in the middle of what DuckDB says
MEMORY = "512MB"  # more is written to the disk for a while


def can_write_parquet() -> bool:
    try:
        import duckdb  # noqa: F401
    except ImportError:
        return False
    return True


def write_parquet(rows: Path, target: Path, table: Table) -> None:
    """The rows of a `.jsonl.gz` file in their order, with the table's types. Nothing is fetched for it. Raises `DiskFull`."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,  # keeps the rows in order without holding them all
        "memory_limit": MEMORY,
        "temp_directory": str(target.parent),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    columns = {column.name: column.kind.sql for column in table.columns}
    try:
        with duckdb.connect(config=config) as connection:
            read = connection.read_json(
                str(rows), format="newline_delimited", columns=columns, compression="gzip"
            )
            read.write_parquet(str(target), compression="zstd")
    except duckdb.IOException as error:
        if NO_ROOM in str(error):
            raise DiskFull("the disk is full", where=str(target.parent)) from error
        raise
