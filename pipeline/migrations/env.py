"""Alembic's entry: runs on the connection that `pipeline.store` hands over."""

from typing import Any, Literal

from alembic import context

from pipeline.tables import Moment, metadata


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:  # Any: alembic's own signature
    # A migration stands for itself: it must not change its meaning when our types do.
    del autogen_context
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, render_item=_render_item, compare_type=True
)
with context.begin_transaction():
    context.run_migrations()
