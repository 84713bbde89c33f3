"""Richer profiles, reasons in parts, and what a reranker said."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Rows of before get what they meant: an interest without hints, a followed author, a tap that was a command.
_ADDED: dict[str, tuple[tuple[str, Any, Any], ...]] = {  # Any: SQLAlchemy's types and defaults
    "subscribers": (("volume", sa.String(length=8), "normal"), ("categories", sa.JSON(), "[]")),
    "interests": (("categories", sa.JSON(), "[]"), ("seeds", sa.JSON(), "[]")),
    "followed_authors": (("is_avoided", sa.Boolean(), sa.false()),),
    "feedback": (("origin", sa.String(length=8), "command"),),
    "rankings": (
        ("place", sa.Integer(), "0"),
        ("is_exploration", sa.Boolean(), sa.false()),
        ("parts", sa.JSON(), "[]"),
        ("like", sa.JSON(), "[]"),
        ("same_as", sa.String(length=32), ""),
        ("ranker", sa.String(length=64), ""),
    ),
}


def upgrade() -> None:
    """Applies the change."""
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, before in columns:
                batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=before))
    op.create_table(
        "author_papers",
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("author", "paper_id", name=op.f("pk_author_papers")),
    )
    op.create_table(
        "author_fetches",
        sa.Column("author", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("author", name=op.f("pk_author_fetches")),
    )
    op.create_table(
        "pair_scores",
        sa.Column("scorer_key", sa.String(length=64), nullable=False),
        sa.Column("query_sha256", sa.String(length=64), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_pair_scores_paper_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("scorer_key", "query_sha256", "paper_id", "version", name=op.f("pk_pair_scores")),
    )
    with op.batch_alter_table("pair_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pair_scores_asked_on"), ["asked_on"], unique=False)


def downgrade() -> None:
    """Takes it back."""
    for table in ("pair_scores", "author_fetches", "author_papers"):
        op.drop_table(table)
    for table, columns in _ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _, _ in columns:
                batch_op.drop_column(name)
