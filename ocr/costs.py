"""What reading costs in dollars, from seconds and a price."""

from __future__ import annotations

_PAGES = 1000


def usd_per_1000_pages(seconds_per_page: float, usd_per_gpu_second: float) -> float:
    """The price of a thousand pages: GPU seconds a page (what the endpoint bills, not what we waited) times the price.

    Cold starts and idle time come on top: an endpoint bills its workers from their start to their stop.
    """
    return _PAGES * seconds_per_page * usd_per_gpu_second
