from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pipeline.store.engine import open_engine
from pipeline.tables import metadata


def test_the_migrations_lead_to_the_tables_as_they_are_declared(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'autoreader.db'}")

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    engine.dispose()
    assert differences == []
