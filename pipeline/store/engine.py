"""Opening the database: SQLite beside the blobs, or PostgreSQL by URL, migrated to the newest schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from pipeline.errors import ConfigError, MissingExtraError, StoreError

_BUSY_TIMEOUT_MS = 30_000  # a writer waits for another this long before it gives up


def open_engine(url: str) -> Engine:
    """Connects, creating an SQLite file where there is none, and brings the schema up to date.

    Raises ConfigError for a URL that names no usable database, StoreError where it cannot be opened.
    """
    engine = _create(url)
    if engine.dialect.name == "sqlite":
        _tame_sqlite(engine)
    with translated(engine):
        _migrate(engine)
    return engine


def _create(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        return create_engine(parsed)
    except ModuleNotFoundError as error:
        raise MissingExtraError(error.name or "the database driver", "postgres") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigError(
            "setting 'database_url' is no database URL (expected sqlite:///FILE or postgresql://USER@HOST/NAME)"
        ) from error
    except OSError as error:
        raise StoreError(f"cannot create the folder of the database: {error}") from error


def _tame_sqlite(engine: Engine) -> None:
    """Foreign keys on, readers beside a writer (WAL), and no lock error where waiting helps."""

    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy's recipe: we say BEGIN ourselves, see below
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another wrote between
        # (SQLITE_BUSY_SNAPSHOT, no busy_timeout applies): writers therefore lock when they begin.
        is_reader = connection.get_execution_options().get("is_reader", False)
        connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two processes may start at once
            connection.execute(text("SELECT pg_advisory_xact_lock(7421)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turns the driver's operational errors into StoreError; its text names the database, never a password."""
    try:
        yield
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise StoreError(f"database {where}: {error.orig}", permanent=False) from error


def upsert(
    connection: Connection,
    table: Table,
    rows: list[dict[str, Any]],  # Any: column values
    *,
    update: tuple[str, ...] = (),
) -> None:
    """Inserts rows; where the primary key exists, the `update` columns are replaced (none: kept as it is)."""
    if not rows:
        return
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
    keys = [column.name for column in table.primary_key]
    statement = (
        insert.on_conflict_do_update(index_elements=keys, set_={name: insert.excluded[name] for name in update})
        if update
        else insert.on_conflict_do_nothing()
    )
    connection.execute(statement, rows)
