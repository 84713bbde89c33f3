"""Pages for OCR, figures and bibliographies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "spending",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engine_key", sa.String(length=128), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cpu_seconds", sa.Float(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending")),
    )
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spending_at"), ["at"], unique=False)

    op.create_table(
        "bibliography",
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("venue", sa.Text(), nullable=False),
        sa.Column("arxiv_id", sa.String(length=32), nullable=False),
        sa.Column("doi", sa.String(length=255), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_bibliography_paper_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("paper_id", "version", "ordinal", name=op.f("pk_bibliography")),
    )
    with op.batch_alter_table("bibliography", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bibliography_arxiv_id"), ["arxiv_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bibliography_doi"), ["doi"], unique=False)

    op.create_table(
        "figures",
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("image_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_figures_paper_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("paper_id", "version", "ordinal", name=op.f("pk_figures")),
    )
    op.create_table(
        "page_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=16), nullable=False),
        sa.Column("engine_key", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(length=64), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_id", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cpu_seconds", sa.Float(), nullable=False),
        sa.Column("prompt_tokens", sa.Integer(), nullable=False),
        sa.Column("completion_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_page_jobs_paper_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_jobs")),
        sa.UniqueConstraint(
            "paper_id", "version", "page", "engine_key", name=op.f("uq_page_jobs_paper_id_version_page_engine_key")
        ),
    )
    with op.batch_alter_table("page_jobs", schema=None) as batch_op:
        batch_op.create_index("ix_page_jobs_state_priority", ["state", "priority"], unique=False)

    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_layer_sha256", sa.String(length=64), nullable=True))
    op.execute("UPDATE documents SET text_layer_sha256 = blob_sha256")  # no page had been OCR'd before
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.alter_column("text_layer_sha256", existing_type=sa.String(length=64), nullable=False)


def downgrade() -> None:
    """Undoes it."""
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("text_layer_sha256")

    with op.batch_alter_table("page_jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_page_jobs_state_priority")

    op.drop_table("page_jobs")
    op.drop_table("figures")
    with op.batch_alter_table("bibliography", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bibliography_doi"))
        batch_op.drop_index(batch_op.f("ix_bibliography_arxiv_id"))

    op.drop_table("bibliography")
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spending_at"))

    op.drop_table("spending")
