"""Makes a database forget what was deleted from it: a deleted row lies in the file until something overwrites it."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import StoreError
from pipeline.store.personal import personal_tables
from pipeline.tables import author_fetches, author_papers, pair_scores

_STILL_THERE = "the rows are deleted, but may still be read in the database's files"


def scrub(engine: Engine) -> bool:
    """Writes the database anew without what was deleted, at a moment when no transaction of this process runs.

    SQLite: the whole file, and its write-ahead log is emptied; False where another process still reads an older state,
    which keeps the log for as long. PostgreSQL: the tables that hold readers' things (the server's own log and its
    backups are its administrator's). Raises StoreError: disk full, or another process that writes for long.
    """
    if engine.dialect.name == "sqlite":
        return _scrub_file(engine)
    tables = [*personal_tables(), author_papers, author_fetches, pair_scores]
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"VACUUM FULL {', '.join(table.name for table in tables)}"))
    except DBAPIError as error:
        raise StoreError(f"{_STILL_THERE}: {error.orig}", permanent=False) from error
    return True


def _scrub_file(engine: Engine) -> bool:
    held = engine.raw_connection()  # VACUUM runs in no transaction, and SQLAlchemy would begin one
    try:
        cursor = held.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found = cursor.fetchone()
        return found is not None and found[0] == 0
    except sqlite3.Error as error:
        raise StoreError(f"{_STILL_THERE}: {error}", permanent=False) from error
    finally:
        held.close()
