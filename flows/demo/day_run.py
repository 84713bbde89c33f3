"""The demo: the daily flow on the sample day, with a loopback arXiv and a clock that stands on that morning."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flows.clocks import FixedClock
from flows.daily import daily
from flows.demo.loopback import LoopbackArxiv
from flows.demo.readers import DEMO_CATEGORIES, demo_subscribers
from flows.demo.sample import announced_at, read_sample_day
from flows.demo.typeset import Typesetter
from flows.lock import exclusive_run
from flows.steps import DayReport
from flows.wiring import open_parts
from pipeline.config import ArxivSettings, MailSettings, OcrSettings, Settings, load_settings
from pipeline.digest import LedgerLine
from pipeline.ledger import day_facts, ledger_lines
from pipeline.stages import Progress

_MORNING_AFTER = timedelta(hours=12)  # 08:00 US Eastern of the listing's date


def run_demo(home: Path, progress: Progress) -> tuple[DayReport, list[LedgerLine]]:
    """Runs the sample day in an empty home; returns the report and the day's ledger."""
    sample = read_sample_day()
    clock = FixedClock(announced_at(sample.day) + _MORNING_AFTER)
    with LoopbackArxiv([sample], Typesetter(home / "typeset").pdf) as arxiv:
        settings = demo_settings(home, arxiv.url)
        with open_parts(settings, clock, progress) as parts, exclusive_run(parts.home.lock):
            with parts.store.begin() as work:
                for subscriber in demo_subscribers(clock.now()):
                    work.subscribers.save(subscriber)
            report = daily.with_options(retries=0)(sample.day, parts)
            with parts.store.read() as work:
                return report, ledger_lines(day_facts(work, sample.day))


def demo_settings(home: Path, arxiv_url: str) -> Settings:
    """The owner's settings do not reach the demo: it works in its own home, sends nothing, asks nobody outside."""
    defaults = load_settings()
    return defaults.model_copy(
        update={
            "home": home,
            "database_url": Settings.model_fields["database_url"].default,
            "arxiv": ArxivSettings(categories=DEMO_CATEGORIES, base_url=arxiv_url, interval_s=0.0),
            "mail": MailSettings(),
            "ocr": OcrSettings(),
            # Links of its mails lead to this machine, never to the owner's public site.
            "web": defaults.web.model_copy(update={"base_url": ""}),
        }
    )
