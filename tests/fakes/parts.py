"""A wired installation for tests: real store, blobs, stages, index and mail files; a fake encoder, a loopback arXiv."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from flows.clocks import FixedClock
from flows.wiring import Parts, open_parts
from pipeline.config import ArxivSettings, Settings, load_settings
from pipeline.subscriber import Interest, Profile, Subscriber
from tests.fakes.encoder import HashedEncoder

DAY = date(2026, 11, 17)
MORNING = datetime(2026, 11, 17, 13, 0, tzinfo=UTC)  # 08:00 US Eastern


def make_settings(home: Path, arxiv_url: str, **arxiv: object) -> Settings:
    """Settings over a loopback arXiv, which may be asked without pauses."""
    fields: dict[str, object] = {"categories": ("cs.IR", "cs.CL"), "interval_s": 0.0, "attempts": 2, **arxiv}
    return load_settings(home=home, arxiv=ArxivSettings.model_validate({"base_url": arxiv_url, **fields}))


@contextmanager
def open_test_parts(settings: Settings, now: datetime = MORNING) -> Iterator[Parts]:
    """Parts with a quick deterministic encoder and a clock that stands still."""
    with open_parts(settings, FixedClock(now)) as parts:
        parts.__dict__["encoder"] = HashedEncoder()  # fills the cached property: everything else is real
        yield parts


def subscribe(parts: Parts, email: str = "reader@example.org", *interests: str) -> Subscriber:
    """Adds a reader."""
    wanted = interests or ("searching in long texts",)
    with parts.store.begin() as work:
        profile = Profile(tuple(Interest(text) for text in wanted))
        return work.subscribers.save(Subscriber(email, parts.clock.now(), profile))
