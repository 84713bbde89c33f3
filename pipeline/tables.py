"""The database schema. Rows of these tables never leave `pipeline.store`; Alembic migrations follow this file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

# Named constraints, so that a later migration can alter them on PostgreSQL and SQLite alike.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A UTC timestamp; SQLite would hand it back without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Any zone goes in, UTC is stored."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC comes out, with its zone."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _paper_key() -> Column[Any]:  # Any: a column of text
    return Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), nullable=False)


def _subscriber_key(**options: Any) -> Column[Any]:  # Any: Column's own keyword arguments
    return Column("subscriber_id", Integer, ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=False, **options)


papers = Table(
    "papers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("title", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("abstract", Text, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("comment", Text, nullable=False),
    Column("journal_ref", Text, nullable=False),
    Column("doi", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False),
    Column("latest_version", Integer, nullable=False),
    Column("first_listed", Date, nullable=False, index=True),
)

paper_versions = Table(
    "paper_versions",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("submitted_at", Moment, nullable=False),
    Column("size_kb", Integer),
    Column("source_type", String(16), nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    _paper_key(),
    Column("version", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("announced_on", Date, nullable=False, index=True),
    Column("first_seen", Moment, nullable=False),
    UniqueConstraint("paper_id", "version", "kind"),
)

# What each source said of a day, also of papers that could not be stored: hence no foreign key.
listings = Table(
    "listings",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("category", String(32), primary_key=True),
    Column("paper_id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("announce_type", String(16), nullable=False),
)

source_fetches = Table(
    "source_fetches",
    metadata,
    Column("day", Date, primary_key=True),
    Column("source", String(8), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("listed", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("scope", String(255), primary_key=True),  # the categories it was harvested for
    Column("since", Date, nullable=False),  # the first listing day it covers
    Column("until", Date, nullable=False),
)

# How each stage ended for a paper version: the row that says why a paper was not read.
outcomes = Table(
    "outcomes",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("stage", String(16), primary_key=True),
    Column("state", String(16), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("blob_sha256", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("engine_key", String(64), nullable=False),
    Column("blob_sha256", String(64), nullable=False),
    Column("text_layer_sha256", String(64), nullable=False),  # the evidence; the same blob where no page was OCR'd
    Column("pages", Integer, nullable=False),
    Column("degraded_pages", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cost_usd", Float, nullable=False),
)

# Figures and tables of the newest document; `image_sha256` is empty until somebody wanted the picture.
figures = Table(
    "figures",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(8), nullable=False),
    Column("label", String(64), nullable=False),
    Column("caption", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("box", JSON, nullable=False),
    Column("image_sha256", String(64), nullable=False),
)

# The bibliographies: who cites whom. `doi` and `arxiv_id` are indexed to find what cites a paper.
bibliography = Table(
    "bibliography",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("label", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("year", Integer),
    Column("venue", Text, nullable=False),
    Column("arxiv_id", String(32), nullable=False, index=True),
    Column("doi", String(255), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("box", JSON, nullable=False),
)

# What cited works are called (see `pipeline.citations`): a work has several names, and a stored paper has its own.
work_names = Table(
    "work_names",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(300), nullable=False, unique=True),
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="SET NULL"), index=True),
)

# Who cites whom: one row a name, of the newest document's references; those of one reference share its ordinal.
citations = Table(
    "citations",
    metadata,
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("name_id", Integer, ForeignKey("work_names.id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, nullable=False),
    Index("ix_citations_name_id_paper_id", "name_id", "paper_id"),
)

# The OCR work queue: page x engine key.
page_jobs = Table(
    "page_jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    _paper_key(),
    Column("version", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    Column("pdf_sha256", String(64), nullable=False),
    Column("engine", String(16), nullable=False),
    Column("engine_key", String(128), nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("priority", Float, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String(64), nullable=False),
    Column("lease_until", Moment),
    Column("remote_id", String(255), nullable=False),
    Column("reason", Text, nullable=False),
    Column("result_sha256", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cpu_seconds", Float, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("finished_at", Moment),
    UniqueConstraint("paper_id", "version", "page", "engine_key"),
    Index("ix_page_jobs_state_priority", "state", "priority"),
)

# One row an attempt, also of failed ones and of papers deleted since: the budget counts what was spent.
spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("engine_key", String(128), nullable=False),
    Column("paper_id", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cpu_seconds", Float, nullable=False),
    Column("prompt_tokens", Integer, nullable=False),
    Column("completion_tokens", Integer, nullable=False),
    Column("cost_usd", Float, nullable=False),
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", Integer, primary_key=True),
    _paper_key(),
    Column("version", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("box", JSON),
    Column("text", Text, nullable=False),
    Column("chunker", String(32), nullable=False),
    UniqueConstraint("paper_id", "version", "ordinal"),
    sqlite_autoincrement=True,  # an id is never given out twice: vectors on disk are named by it
)

shards = Table(
    "shards",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contract_key", String(16), nullable=False, index=True),
    Column("path", Text, nullable=False, unique=True),
    Column("rows", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
)

vectors = Table(
    "vectors",
    metadata,
    Column("contract_key", String(16), primary_key=True),
    Column("chunk_id", Integer, ForeignKey("chunks.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("shard_id", Integer, ForeignKey("shards.id"), nullable=False, index=True),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("volume", String(8), nullable=False),
    Column("categories", JSON, nullable=False),
    sqlite_autoincrement=True,  # a link signed for a deleted subscriber must never open another's
)

interests = Table(
    "interests",
    metadata,
    Column("id", Integer, primary_key=True),
    _subscriber_key(index=True),
    Column("text", Text, nullable=False),
    Column("weight", Float, nullable=False),
    Column("is_negative", Boolean, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("seeds", JSON, nullable=False),
)

followed_authors = Table(
    "followed_authors",
    metadata,
    _subscriber_key(primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("is_avoided", Boolean, nullable=False),
)

# Papers by people who are followed by ORCID or arXiv author id, as arXiv itself lists them; also of papers that are
# not stored.
author_papers = Table(
    "author_papers",
    metadata,
    Column("author", String(64), primary_key=True),
    Column("paper_id", String(32), primary_key=True),
)

author_fetches = Table(
    "author_fetches",
    metadata,
    Column("author", String(64), primary_key=True),
    Column("name", Text, nullable=False),  # as arXiv prints it
    Column("fetched_at", Moment, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    _subscriber_key(primary_key=True),
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("origin", String(8), nullable=False),
)

rankings = Table(
    "rankings",
    metadata,
    _subscriber_key(primary_key=True),
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, nullable=False),
    Column("score", Float, nullable=False),
    Column("probability", Float, nullable=False),
    Column("why", Text, nullable=False),
    Column("interest", Text, nullable=False),
    Column("passage", JSON),
    Column("place", Integer, nullable=False),
    Column("is_exploration", Boolean, nullable=False),
    Column("parts", JSON, nullable=False),
    Column("like", JSON, nullable=False),
    Column("same_as", String(32), nullable=False),
    Column("ranker", String(64), nullable=False),
    Index("ix_rankings_subscriber_id_day", "subscriber_id", "day"),
)

# What a reranker made of (interest, paper): asking again would cost the same again.
pair_scores = Table(
    "pair_scores",
    metadata,
    Column("scorer_key", String(64), primary_key=True),
    Column("query_sha256", String(64), primary_key=True),
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("score", Float, nullable=False),
    Column("asked_on", Date, nullable=False, index=True),
)

issues = Table(
    "issues",
    metadata,
    Column("id", Integer, primary_key=True),
    _subscriber_key(),
    Column("day", Date, nullable=False),
    Column("considered", Integer, nullable=False),
    UniqueConstraint("subscriber_id", "day"),
)

# Unique per (subscriber, paper): a paper is sent to a reader once, whatever day it is dated.
issue_items = Table(
    "issue_items",
    metadata,
    _subscriber_key(primary_key=True),
    Column("paper_id", String(32), ForeignKey("papers.id", ondelete="CASCADE"), primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue_id", Integer, ForeignKey("issues.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("message_id", String(255), nullable=False, unique=True),
    Column("message_sha256", String(64), nullable=False),
    Column("html_sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("claimed_by", String(64), nullable=False),
    Column("claimed_at", Moment),
    Column("handed_over_at", Moment),  # set just before the transport lets go of the message
    Column("sent_at", Moment),
    Column("reason", Text, nullable=False),
    Column("location", Text, nullable=False),
)
