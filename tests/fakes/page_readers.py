"""Fills the ports of reading page by page without a model: a router by rule, a reader by script, a plain assembler."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from pipeline.document import Block, BlockKind, Box, Document, Engine, Page, PageStatus, Usage
from pipeline.errors import ReadError
from pipeline.page_work import OutcomeKind, PageOutcome, PageRoute, PageTask

Answer = Callable[[PageTask], PageOutcome | Exception]
_BOX = Box(100, 100, 900, 200)


def make_page(number: int, text: str = "", engine: str = "text_layer/fake") -> Page:
    """A page with one paragraph; without text it is a scan that nobody could read yet."""
    blocks = (Block(BlockKind.TEXT, text, _BOX, 0),) if text else ()
    status, reason = (PageStatus.OK, "") if text else (PageStatus.DEGRADED, "a scan")
    return Page(number, 612.0, 792.0, blocks, engine, status, reason)


def make_document(*texts: str) -> Document:
    """A text layer, one page a text; an empty one is a scan."""
    return Document(
        tuple(make_page(number, text) for number, text in enumerate(texts, start=1)), "text_layer/fake", 0.5
    )


@dataclass
class FakeExtractor:
    """Gives every file the same text layer."""

    document: Document
    engine_key: str = "text_layer/fake"

    def extract(self, pdf: Path) -> Document:
        del pdf
        return self.document

    def extract_many(self, pdfs: Iterable[Path]) -> Iterator[tuple[Path, Document | ReadError]]:
        for pdf in pdfs:
            yield pdf, self.document


@dataclass
class FakeRouter:
    """Sends pages without blocks to `scans`, pages that say "formula" to `rich`, the rest to nobody."""

    scans: Engine = Engine.TEXT_LAYER
    rich: Engine = Engine.TEXT_LAYER
    asked: int = 0

    def route(self, document: Document) -> tuple[PageRoute, ...]:
        self.asked += 1
        return tuple(self._route(page) for page in document.pages)

    def _route(self, page: Page) -> PageRoute:
        if not page.blocks:
            return PageRoute(page.number, self.scans, "no text")
        if any("formula" in block.text for block in page.blocks):
            return PageRoute(page.number, self.rich, "mathematics")
        return PageRoute(page.number, Engine.TEXT_LAYER, "good text")


def read_well(task: PageTask, usage: Usage = Usage(seconds=1.0, cpu_seconds=2.0)) -> PageOutcome:  # noqa: B008 - frozen
    """The page with one line of text that names it."""
    page = make_page(task.number, f"read: {task.name}", "fake/1")
    return PageOutcome(task, OutcomeKind.DONE, replace(page, usage=usage), usage=usage)


def fail(task: PageTask, reason: str = "it loops", *, permanent: bool = False) -> PageOutcome:
    """An attempt that came to nothing, and cost something."""
    return PageOutcome(task, OutcomeKind.FAILED, reason=reason, usage=Usage(cpu_seconds=1.0), permanent=permanent)


@dataclass
class FakeReader:
    """Answers as told. Keeps `ahead` pages in flight; an exception as an answer ends the whole call, as real ones do.

    `remote` gives each page a remote id before it is answered.
    """

    engine_key: str = "rapidocr/fake"
    answer: Answer = read_well
    ahead: int = 1
    remote: bool = False
    seen: list[PageTask] = field(default_factory=list)

    def read_pages(
        self, tasks: Iterable[PageTask], on_submitted: Callable[[PageTask, str], None]
    ) -> Iterator[PageOutcome]:
        remaining, pending = iter(tasks), list[PageTask]()
        while True:
            for task in islice(remaining, self.ahead - len(pending)):
                self.seen.append(task)
                pending.append(task)
                if self.remote and not task.remote_id:
                    on_submitted(task, f"remote-{task.id}")
            if not pending:
                return
            answer = self.answer(pending.pop(0))
            if isinstance(answer, Exception):
                raise answer
            yield answer

    @property
    def names(self) -> list[str]:
        """What was asked for, in order."""
        return [task.name for task in self.seen]


class PlainAssembler:
    """Puts pages in place and looks at nothing."""

    def assemble(self, text_layer: Document, pages: Sequence[Page]) -> Document:
        placed = {page.number: page for page in pages}
        return replace(text_layer, pages=tuple(placed.get(page.number, page) for page in text_layer.pages))


def answers(by_page: Mapping[int, Answer], otherwise: Answer = read_well) -> Answer:
    """Another answer for some page numbers."""
    return lambda task: by_page.get(task.number, otherwise)(task)


def once(first: Answer, then: Answer = read_well) -> Answer:
    """The first answer for the first try of a page, then the other."""
    return lambda task: (first if task.attempt == 1 else then)(task)
