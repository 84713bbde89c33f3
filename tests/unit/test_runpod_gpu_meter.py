import pytest

from ocr.transports.gpu_meter import GpuMeter


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def meter(clock: _Clock) -> GpuMeter:
    return GpuMeter(clock)


def test_a_job_alone_costs_the_time_it_ran(meter: GpuMeter, clock: _Clock) -> None:
    meter.started("a")
    clock.now += 20

    assert meter.completed("a", 20.0) == 20.0


def test_thirty_jobs_at_once_on_one_worker_cost_what_the_worker_costs(meter: GpuMeter, clock: _Clock) -> None:
    jobs = [str(number) for number in range(30)]
    for job in jobs:
        meter.started(job)
    clock.now += 20

    shares = [meter.completed(job, 20.0) for job in jobs]

    assert sum(shares) == pytest.approx(20.0)
    assert shares[0] == pytest.approx(20 / 30)


def test_overlapping_jobs_split_only_the_time_they_share(meter: GpuMeter, clock: _Clock) -> None:
    meter.started("a")
    clock.now += 10
    meter.started("b")
    clock.now += 10

    assert meter.completed("a", 20.0) == pytest.approx(15.0)
    clock.now += 10
    assert meter.completed("b", 20.0) == pytest.approx(15.0)


def test_two_workers_cost_twice_as_much(meter: GpuMeter, clock: _Clock) -> None:
    meter.set_workers(2)
    for job in "abcd":
        meter.started(job)
    clock.now += 10

    assert sum(meter.completed(job, 10.0) for job in "abcd") == pytest.approx(20.0)


def test_no_more_workers_are_charged_than_jobs_run(meter: GpuMeter, clock: _Clock) -> None:
    meter.set_workers(5)
    meter.started("a")
    clock.now += 10

    assert meter.completed("a", 10.0) == pytest.approx(10.0)


def test_a_job_that_was_never_seen_to_run_costs_its_execution_time(meter: GpuMeter) -> None:
    assert meter.completed("a", 3.0) == 3.0


def test_a_job_seen_late_costs_no_more_than_it_ran(meter: GpuMeter, clock: _Clock) -> None:
    meter.started("a")
    clock.now += 60  # somebody looked away

    assert meter.completed("a", 8.0) == 8.0


def test_what_a_failed_job_took_is_charged_to_the_next_that_completes(meter: GpuMeter, clock: _Clock) -> None:
    meter.started("a")
    clock.now += 10
    meter.wasted("a")
    meter.started("b")
    clock.now += 5

    assert meter.completed("b", 5.0) == pytest.approx(15.0)
    assert meter.completed("c", 1.0) == 1.0
