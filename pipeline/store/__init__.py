"""The store: where the stages meet. Values go in and come out; rows stay here.

with store.begin() as work:      # a transaction: commits at the end, rolls back on any exception
work.papers.save([paper], day)
with store.read() as work:       # a consistent view that blocks nobody
papers = work.papers.get(["2401.12345"])
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from pipeline.store.answers import AnswerRows
from pipeline.store.authors import AuthorRows
from pipeline.store.citations import CitationRows
from pipeline.store.credits import CreditRows
from pipeline.store.days import DayRows
from pipeline.store.engine import open_engine, translated
from pipeline.store.figures import FigureRows
from pipeline.store.issues import IssueRows
from pipeline.store.lessons import LessonRows
from pipeline.store.libraries import LibraryRows
from pipeline.store.page_jobs import PageJobRows
from pipeline.store.pair_scores import PairScoreRows
from pipeline.store.papers import PaperRows
from pipeline.store.past import PastRows
from pipeline.store.personal import PersonalRows
from pipeline.store.reading import ReadingRows
from pipeline.store.scrub import scrub
from pipeline.store.subscribers import SubscriberRows, checked_email
from pipeline.store.taps import TapRows
from pipeline.store.vectors import VectorRows

__all__ = ["Store", "UnitOfWork", "checked_email", "open_store"]


class UnitOfWork:
    """All repositories on one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.papers = PaperRows(connection)
        self.days = DayRows(connection)
        self.reading = ReadingRows(connection)
        self.page_jobs = PageJobRows(connection)
        self.figures = FigureRows(connection)
        self.citations = CitationRows(connection)
        self.vectors = VectorRows(connection)
        self.subscribers = SubscriberRows(connection)
        self.issues = IssueRows(connection)
        self.lessons = LessonRows(connection)
        self.answers = AnswerRows(connection)
        self.pair_scores = PairScoreRows(connection)
        self.authors = AuthorRows(connection)
        self.personal = PersonalRows(connection)
        self.taps = TapRows(connection)
        self.credits = CreditRows(connection)
        self.past = PastRows(connection)
        self.libraries = LibraryRows(connection)


class Store:
    """The database. Safe to share between threads; each transaction is used by one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """A transaction that may write. Raises StoreError where the database fails."""
        with translated(self._engine), self._engine.begin() as connection:
            yield UnitOfWork(connection)

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads; it neither waits for a writer nor makes one wait."""
        with (
            translated(self._engine),
            self._engine.connect().execution_options(is_reader=True) as connection,
            connection.begin() as transaction,
        ):
            yield UnitOfWork(connection)
            transaction.rollback()

    def scrub(self) -> bool:
        """Makes the database's files forget what was deleted; False where another process still holds some of it.

        Raises StoreError where that fails. It takes as long as writing the whole database anew.
        """
        return scrub(self._engine)

    def close(self) -> None:
        """Gives all connections back."""
        self._engine.dispose()


def open_store(url: str) -> Store:
    """Opens (and creates or migrates) the database behind a URL."""
    return Store(open_engine(url))
