"""The one HTTP client for every request to arXiv: API, OAI-PMH, feeds and PDFs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx
import stamina

from pipeline.arxiv_source.closing import Closing
from pipeline.arxiv_source.turnstile import MAX_WAIT_S, Time, Turn, Turnstile, is_loopback, polite_interval_s
from pipeline.config import ArxivSettings
from pipeline.errors import ConfigError, SourceError, SourceFormatError, SourceUnavailableError

logger = logging.getLogger(__name__)

LOCK_NAME = "arxiv.lock"
MAX_XML_BYTES = 64 * 2**20  # an OAI page of 2000 records is about 8 MB
MAX_PDF_BYTES = 150 * 2**20
_MAX_HOPS = 5
_BLOCKED_S = 3600.0  # after a 403: arXiv treats going on as an attack
_SLOW = 10  # an answer may take this many timeouts in all, however steadily it drips
_OK, _TOO_MANY, _FORBIDDEN, _SERVER = 200, 429, 403, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; `url` is the address asked for, before any redirect."""

    url: str
    status: int
    content_type: str
    content: bytes


class PoliteClient(Closing):
    """Asks arXiv for things, one request at a time, through the turnstile in the home folder.

    Every hop of a redirect and every retry is a request of its own and waits its turn. Retries are here and nowhere
    above: bounded by `attempts`, with exponential back-off and jitter (`stamina.set_testing` switches the back-off
    off), and only for SourceUnavailableError.
    """

    def __init__(self, settings: ArxivSettings, home: Path, clock: Time | None = None) -> None:
        self._settings = settings
        self._clock = clock or Time()
        self._turnstile = Turnstile(home / LOCK_NAME, self._clock)
        self._http = httpx.Client(
            headers={"user-agent": user_agent(settings.contact)},
            timeout=settings.timeout_s,
            # No idle connection either: another process may be the one whose turn it is.
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=0),
            # A proxy set for the world must not be asked for this machine's own addresses.
            trust_env=not (settings.base_url and is_loopback(settings.base_url)),
        )

    def get(self, url: str, *, max_bytes: int = MAX_XML_BYTES, also: frozenset[int] = frozenset()) -> Answer:
        """Fetches one address; statuses other than 200 and those in `also` are errors.

        Raises SourceUnavailableError (429, 5xx, 403, no connection, time-out, asked for patience), SourceFormatError
        (too large, broken encoding), or a permanent SourceError (other statuses).
        """
        wait_s = polite_interval_s(url, self._settings.interval_s)
        for attempt in stamina.retry_context(
            on=_is_worth_another_try,
            attempts=self._settings.attempts,
            timeout=None,
            wait_initial=wait_s,
            wait_max=120.0,
            wait_jitter=wait_s,
        ):
            with attempt:
                return self._follow(url, max_bytes, also)
        raise AssertionError  # pragma: no cover - the loop above returns or raises

    def _follow(self, url: str, max_bytes: int, also: frozenset[int]) -> Answer:
        address = url
        for _ in range(_MAX_HOPS):
            interval_s = polite_interval_s(address, self._settings.interval_s)
            with self._turnstile.turn(interval_s) as turn, translated(address):
                found = self._ask(address, turn, interval_s, max_bytes, also)
            if isinstance(found, Answer):
                return Answer(url, found.status, found.content_type, found.content)
            logger.info("arXiv redirects %s to %s", address, found)
            address = found
        raise SourceError(f"{url} redirects more than {_MAX_HOPS} times", url=url)

    def _ask(self, url: str, turn: Turn, interval_s: float, max_bytes: int, also: frozenset[int]) -> Answer | str:
        started = self._clock.now()
        with self._http.stream("GET", url) as response:
            # Counted from the answer, not from the question: then arrivals at arXiv are never closer than this.
            turn.close_for(interval_s)
            if response.next_request is not None:
                return str(response.next_request.url)
            if response.status_code != _OK and response.status_code not in also:
                raise self._refusal(url, response, turn, interval_s)
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > max_bytes:
                    raise SourceFormatError(f"{url} is larger than {max_bytes // 2**20} MB", url=url)
                if self._clock.now() - started > _SLOW * self._settings.timeout_s:
                    raise SourceUnavailableError(f"{url} comes too slowly", url=url)
            return Answer(url, response.status_code, response.headers.get("content-type", ""), bytes(content))

    def _refusal(self, url: str, response: httpx.Response, turn: Turn, interval_s: float) -> SourceError:
        status = response.status_code
        if status == _FORBIDDEN:
            turn.close_for(_BLOCKED_S)
            return SourceUnavailableError(
                f"arXiv refuses this machine (403 for {url}); it takes repeated requests for an attack, so nothing "
                f"is sent for an hour. Check 'arxiv.contact' and whether something else here asks arXiv too",
                url=url,
                retry_after_s=_BLOCKED_S,
            )
        if status != _TOO_MANY and status < _SERVER:
            return SourceError(f"arXiv answered {status} {response.reason_phrase} for {url}", url=url)
        wait_s = retry_after_s(response.headers.get("retry-after", ""), self._clock.now())
        if wait_s is not None:
            turn.close_for(max(wait_s, interval_s))
        patience = "" if wait_s is None else f" and asks to wait {wait_s:.0f} s"
        if wait_s is not None and wait_s > MAX_WAIT_S:
            patience += f", longer than a run waits ({MAX_WAIT_S:.0f} s); try again later"
        return SourceUnavailableError(f"arXiv answered {status} for {url}{patience}", url=url, retry_after_s=wait_s)

    def close(self) -> None:
        """Releases the connection."""
        self._http.close()


def user_agent(contact: str) -> str:
    """`autoreader/<version> (+contact)`. Raises ConfigError for what cannot stand in a header."""
    if not (contact.isascii() and contact.isprintable()):
        raise ConfigError(f"setting 'arxiv.contact' is {contact!r}: expected a plain ASCII address or URL")
    try:
        number = version("autoreader")
    except PackageNotFoundError:  # run from a checkout
        number = "0"
    return f"autoreader/{number} (+{contact.strip()})" if contact.strip() else f"autoreader/{number}"


def retry_after_s(header: str, now: float) -> float | None:
    """Seconds that a Retry-After header asks for, in either form of RFC 9110 10.2.3; None where it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment.timestamp() - now, 0.0)


@contextmanager
def translated(url: str) -> Iterator[None]:
    """Turns whatever httpx raises into an error of ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise SourceUnavailableError(f"{url} did not answer in time ({type(error).__name__})", url=url) from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise SourceError(f"{url} is not an address that can be asked: {error}", url=url) from error
    except httpx.DecodingError as error:
        raise SourceFormatError(f"{url} answered with a broken encoding: {error}", url=url) from error
    except httpx.HTTPError as error:
        raise SourceUnavailableError(f"{url} cannot be reached: {error}", url=url) from error


def _is_worth_another_try(error: Exception) -> bool:
    if not isinstance(error, SourceUnavailableError):
        return False
    # The turnstile already keeps everybody waiting for what was asked; a longer wait is the owner's business.
    return (error.retry_after_s or 0.0) <= MAX_WAIT_S
