"""Edges between papers, made of the bibliographies that were read before, and the names of stored papers."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.batches import batched
from pipeline.citations import names_of, names_of_paper
from pipeline.document import Box, Reference
from pipeline.paper import Paper, PaperVersion

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AT_ONCE = 200  # papers; of 40 references with two names each, 16,000 values
_NOWHERE = Box(0, 0, 0, 0)


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "work_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("paper_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_work_names_paper_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_names")),
        sa.UniqueConstraint("name", name=op.f("uq_work_names_name")),
    )
    with op.batch_alter_table("work_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_names_paper_id"), ["paper_id"], unique=False)
    op.create_table(
        "citations",
        sa.Column("paper_id", sa.String(length=32), nullable=False),
        sa.Column("name_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["name_id"], ["work_names.id"], name=op.f("fk_citations_name_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_citations_paper_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("paper_id", "name_id", name=op.f("pk_citations")),
    )
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.create_index("ix_citations_name_id_paper_id", ["name_id", "paper_id"], unique=False)
    connection = op.get_bind()
    ids = list(connection.execute(sa.text("SELECT id FROM papers ORDER BY id")).scalars())
    for some in batched(ids, _AT_ONCE):
        _name(connection, some)
    for some in batched(ids, _AT_ONCE):
        _connect(connection, some)


def downgrade() -> None:
    """Takes it back."""
    op.drop_table("citations")
    op.drop_table("work_names")


_papers = sa.table("papers", sa.column("id"), sa.column("title"), sa.column("doi"))
_versions = sa.table(
    "paper_versions", sa.column("paper_id"), sa.column("number"), sa.column("submitted_at", sa.DateTime(timezone=True))
)
_bibliography = sa.table(
    "bibliography",
    *(sa.column(name) for name in ("paper_id", "ordinal", "title", "year", "arxiv_id", "doi")),
)
_names = sa.table("work_names", sa.column("id"), sa.column("name"), sa.column("paper_id"))
_citations = sa.table("citations", sa.column("paper_id"), sa.column("name_id"), sa.column("ordinal"))


def _name(connection: sa.Connection, ids: list[str]) -> None:
    first = sa.select(_versions).where(_versions.c.paper_id.in_(ids)).order_by(_versions.c.number.desc())
    versions = {row.paper_id: PaperVersion(row.number, row.submitted_at) for row in connection.execute(first)}
    rows = connection.execute(sa.select(_papers).where(_papers.c.id.in_(ids)).order_by(_papers.c.id))
    papers = [
        Paper(row.id, row.title, (), "", (), (versions[row.id],) if row.id in versions else (), doi=row.doi)
        for row in rows
    ]
    _keep(connection, ((name, paper.id) for paper in papers for name in names_of_paper(paper)))


def _connect(connection: sa.Connection, ids: list[str]) -> None:
    cited: dict[tuple[str, str], int] = {}
    rows = connection.execute(
        sa.select(_bibliography)
        .where(_bibliography.c.paper_id.in_(ids))
        .order_by(_bibliography.c.paper_id, _bibliography.c.ordinal)
    )
    for row in rows:
        reference = Reference("", 0, _NOWHERE, title=row.title, year=row.year, arxiv_id=row.arxiv_id, doi=row.doi)
        for name in names_of(reference):
            cited.setdefault((row.paper_id, name), row.ordinal)
    if not cited:
        return
    names = sorted({name for _, name in cited})
    _keep(connection, ((name, None) for name in names))
    numbers = {row.name: row.id for row in connection.execute(sa.select(_names).where(_names.c.name.in_(names)))}
    made: list[dict[str, Any]] = [  # Any: column values
        {"paper_id": paper_id, "name_id": numbers[name], "ordinal": ordinal}
        for (paper_id, name), ordinal in cited.items()
    ]
    connection.execute(sa.insert(_citations), made)


def _keep(connection: sa.Connection, named: Iterable[tuple[str, str | None]]) -> None:
    """Stores names that are not there yet."""
    rows = [{"name": name, "paper_id": paper_id} for name, paper_id in named]
    if rows:
        statement = "INSERT INTO work_names (name, paper_id) VALUES (:name, :paper_id) ON CONFLICT (name) DO NOTHING"
        connection.execute(sa.text(statement), rows)
