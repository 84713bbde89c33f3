"""Issues for tests that need a mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pipeline.digest import DayState, DaySummary, DigestItem, Issue, Passage, Ranked

DAY = date(2026, 11, 17)


class FixedClock:
    """Implements `pipeline.ports.Clock`: always the same moment."""

    def __init__(self, moment: datetime = datetime(2026, 11, 18, 3, 45, tzinfo=UTC)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def make_item(paper_id: str = "2611.00001", **changes: Any) -> DigestItem:  # Any: the dataclasses check the names
    """A new paper with a passage; fields of DigestItem and of Ranked can be given."""
    ranked = Ranked(
        paper_id,
        score=1.0,
        probability=0.9,
        why="It answers your question about pruning.",
        passage=Passage("The pruned index keeps most of the quality.", "5 Results", 7),
    )
    names = ("probability", "why", "passage", "parts", "is_exploration")
    of_ranked = {name: changes.pop(name) for name in names if name in changes}
    item = DigestItem(
        paper_id,
        version=1,
        title=f"A study numbered {paper_id}",
        authors=("Ada Lind", "Bo Okafor"),
        categories=("cs.IR", "cs.CL"),
        abstract="We describe a study.",
        ranked=replace(ranked, **of_ranked),
        announced_on=DAY,
        kind="new",
    )
    return replace(item, **changes)


def make_issue(*items: DigestItem, **changes: Any) -> Issue:  # Any: as above
    """An issue for ada@example.org out of 48 papers."""
    summary = DaySummary(DAY, DayState.COMPLETE, listed=48, stored=48, read=45, pages=812, cost_usd=0.4321)
    issue = Issue(7, "ada@example.org", DAY, items or (make_item(),), considered=48, summary=summary)
    return replace(issue, **changes)
