"""Alembic migrations, one file a change; `pipeline.tables` is the schema they lead to."""
