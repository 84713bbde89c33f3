from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.document import NO_USAGE, Engine, Usage
from pipeline.page_work import PageJob, PageState
from pipeline.reading import PaperKey
from pipeline.store import Store
from tests.fakes.papers import make_paper

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LEASE = timedelta(minutes=10)
KEY = PaperKey("2611.00001", 1)


def _job(number: int = 1, key: PaperKey = KEY) -> PageJob:
    return PageJob(0, key, "a" * 64, number, Engine.RAPIDOCR, "rapidocr/1", PageState.QUEUED, "a scan")


def _filled(store: Store, *jobs: PageJob) -> None:
    with store.begin() as work:
        for paper_id in {job.key.paper_id for job in jobs}:
            work.papers.save([make_paper(paper_id)], NOW.date())
        work.page_jobs.add(jobs)


def _claim(store: Store, owner: str = "one", now: datetime = NOW) -> PageJob | None:
    with store.begin() as work:
        return work.page_jobs.claim(Engine.RAPIDOCR, owner, now, LEASE)


def test_the_pages_of_the_most_wanted_paper_are_claimed_first(store: Store) -> None:
    other = PaperKey("2611.00002", 1)
    _filled(store, _job(1), _job(2), _job(1, other))
    with store.begin() as work:
        work.page_jobs.set_priorities({KEY.paper_id: 0.9, other.paper_id: 0.2})

    claimed = [_claim(store) for _ in range(4)]

    assert [(job.key.paper_id, job.number) if job else None for job in claimed] == [
        (KEY.paper_id, 1),
        (KEY.paper_id, 2),
        (other.paper_id, 1),
        None,
    ]


def test_a_leased_page_is_nobody_elses_until_its_lease_runs_out(store: Store) -> None:
    _filled(store, _job())

    assert _claim(store) is not None
    assert _claim(store, "two", NOW + LEASE / 2) is None
    assert _claim(store, "two", NOW + 2 * LEASE) is not None


def test_what_was_released_can_be_claimed_but_not_by_one_who_lost_it(store: Store) -> None:
    _filled(store, _job())
    job = _claim(store)
    assert job is not None
    with store.begin() as work:
        work.page_jobs.release([job.id], "a stranger")
    assert _claim(store) is None
    with store.begin() as work:
        work.page_jobs.release([job.id], "one", "the budget is spent")

    again = _claim(store)

    assert again is not None
    assert (again.reason, again.attempts) == ("the budget is spent", 0)


def test_a_remote_id_survives_until_the_page_is_finished(store: Store) -> None:
    _filled(store, _job())
    job = _claim(store)
    assert job is not None
    with store.begin() as work:
        work.page_jobs.save_remote_id(job.id, "remote-7")

    later = _claim(store, "two", NOW + 2 * LEASE)

    assert later is not None
    assert later.remote_id == "remote-7"


def test_every_attempt_counts_for_the_page_and_for_the_day(store: Store) -> None:
    _filled(store, _job())
    spent = Usage(seconds=2.0, cpu_seconds=1.5, prompt_tokens=1500, completion_tokens=70, cost_usd=0.01)
    for attempt, state in ((1, PageState.QUEUED), (2, PageState.DONE)):
        job = _claim(store)
        assert job is not None
        finished = replace(job, state=state, attempts=attempt, result_sha256="b" * 64)
        with store.begin() as work:
            work.page_jobs.finish(finished, NOW, spent)

    with store.read() as work:
        (job,) = work.page_jobs.of(KEY)
        today, tomorrow = work.page_jobs.spent_since(NOW), work.page_jobs.spent_since(NOW + timedelta(days=1))

    assert (job.state, job.attempts, job.usage) == (PageState.DONE, 2, spent + spent)
    assert (today, tomorrow) == (spent + spent, NO_USAGE)


def test_a_dead_page_is_listed_and_can_be_replayed(store: Store) -> None:
    _filled(store, _job())
    job = _claim(store)
    assert job is not None
    with store.begin() as work:
        work.page_jobs.finish(replace(job, state=PageState.DEAD, attempts=3, reason="loops"), NOW, NO_USAGE)
    with store.read() as work:
        assert [one.reason for one in work.page_jobs.in_state([PageState.DEAD])] == ["loops"]

    with store.begin() as work:
        assert work.page_jobs.retry([job.id]) == 1

    again = _claim(store)
    assert again is not None
    assert again.attempts == 0


def test_a_job_that_is_there_already_is_not_queued_again(store: Store) -> None:
    _filled(store, _job())
    job = _claim(store)
    assert job is not None
    with store.begin() as work:
        work.page_jobs.finish(replace(job, state=PageState.DONE), NOW, NO_USAGE)
        work.page_jobs.add([_job()])

    with store.read() as work:
        assert work.page_jobs.count() == {(Engine.RAPIDOCR, PageState.DONE): 1}


def test_pages_of_replaced_versions_are_left_alone(store: Store) -> None:
    _filled(store, _job(key=PaperKey(KEY.paper_id, 7)))

    assert _claim(store) is None


def test_a_page_that_failed_lets_the_other_pages_of_its_paper_go_first(store: Store) -> None:
    _filled(store, _job(1), _job(2))
    job = _claim(store)
    assert job is not None
    with store.begin() as work:
        work.page_jobs.finish(replace(job, state=PageState.QUEUED, attempts=1), NOW, NO_USAGE)

    claimed = [_claim(store), _claim(store)]

    assert [(one.number, one.attempts) for one in claimed if one] == [(2, 0), (1, 1)]


def test_what_a_killed_run_held_is_free_for_its_successor_alone(store: Store) -> None:
    _filled(store, _job(1), _job(2))
    _claim(store, "one")
    _claim(store, "two")

    with store.begin() as work:
        assert work.page_jobs.reclaim("one") == 1

    assert _claim(store, "one") is not None
    assert _claim(store, "one") is None


def test_a_waiting_page_goes_to_another_engine_with_all_its_attempts(store: Store) -> None:
    _filled(store, replace(_job(), attempts=2, remote_id="remote-1"))
    with store.begin() as work:
        (job,) = work.page_jobs.of(KEY)
        work.page_jobs.reroute(job, Engine.SURYA, "surya/1", "a scan, and a GPU")

    with store.read() as work:
        (job,) = work.page_jobs.of(KEY)

    assert (job.engine, job.engine_key, job.why) == (Engine.SURYA, "surya/1", "a scan, and a GPU")
    assert (job.attempts, job.remote_id) == (0, "")


def test_a_page_that_another_engine_has_already_is_not_queued_for_it_twice(store: Store) -> None:
    _filled(store, _job(), replace(_job(), engine=Engine.SURYA, engine_key="surya/1", state=PageState.DONE))
    with store.begin() as work:
        first, second = work.page_jobs.of(KEY)
        work.page_jobs.reroute(first, Engine.SURYA, "surya/1", "a scan")

        assert work.page_jobs.of(KEY) == [second]


def test_an_engine_is_known_by_what_its_attempts_took(store: Store) -> None:
    _filled(store, _job(1), _job(2))
    for seconds in (2.0, 4.0):
        job = _claim(store)
        assert job is not None
        with store.begin() as work:
            work.page_jobs.finish(replace(job, state=PageState.DONE), NOW, Usage(cpu_seconds=seconds, cost_usd=0.5))

    with store.read() as work:
        assert work.page_jobs.usual(Engine.RAPIDOCR) == Usage(cpu_seconds=3.0, cost_usd=0.5)
        assert work.page_jobs.usual(Engine.SURYA) is None
        assert work.page_jobs.spent_since(NOW, Engine.RAPIDOCR) == Usage(cpu_seconds=6.0, cost_usd=1.0)
        assert work.page_jobs.spent_since(NOW, Engine.SURYA) == NO_USAGE
