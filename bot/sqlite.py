"""The SQLite we run on: new enough for durable workflows, in WAL mode, never losing an acknowledged commit."""

import sqlite3
from pathlib import Path
from types import ModuleType

import pysqlite3

NEEDED = (3, 42, 0)  # DBOS uses unixepoch('subsec')


class SqliteTooOld(Exception):
    """No SQLite library in reach is new enough; the message names the cure."""


def driver() -> ModuleType:
    """The DB-API module to use: the standard library's when its SQLite is new enough, else the bundled `pysqlite3`."""
    for module in (sqlite3, pysqlite3):
        if module.sqlite_version_info >= NEEDED:
            return module
    raise SqliteTooOld(
        f"SQLite {'.'.join(map(str, NEEDED))} or newer is needed, this Python has {sqlite3.sqlite_version}; "
        "`pip install --upgrade pysqlite3` brings one."
    )


def prepare(path: Path) -> None:
    """Create the file if need be and switch it to write-ahead logging, which stays on in the file itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = driver().connect(str(path))
    try:
        (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    finally:
        connection.close()
    if mode != "wal":
        raise SqliteTooOld(f"`{path}` cannot use write-ahead logging (got `{mode}`): put HASTEN_DATA on a local disk.")
