"""Everything that can go wrong, as one tree.

AutoreaderError
├── ConfigError              a setting is missing or wrong
│   └── MissingExtraError    an optional package is not installed
├── NotFoundError            no such paper, subscriber, day or file
├── UsageError               a request makes no sense (a bad query, date or address)
├── SourceError              arXiv or another source did not answer as it promises
│   ├── SourceUnavailableError   it refused, timed out or asked for patience: try again later
│   └── SourceFormatError        it answered with something that is not what was asked for
├── ReadError                a PDF could not be turned into a Document
├── OcrError                 an OCR engine or its endpoint did not do as asked
│   ├── OcrAuthError             the key is refused: stop at once and say so
│   ├── OcrUnavailableError      cold, busy or down: wait; no page is to blame
│   ├── OcrRejectedError         this page's request is refused: send it differently
│   └── OcrLostError             the job vanished: submit it again
├── RerankError              a reranker did not answer as it promises: the order without it stands
│   ├── RerankAuthError          its key is refused: stop at once and say so
│   └── RerankUnavailableError   it is busy, slow or down: ask later
├── IndexStateError          the index is absent, broken or made under another embedding contract
├── MailError                a message was not accepted
│   └── DeliveryUnknownError     the line broke after the handover: it may have arrived
└── StoreError               the database or the blob folder cannot be used

`permanent` says whether trying again without a change can help; it drives every retry.
"""

from __future__ import annotations


class AutoreaderError(Exception):
    """Base of all errors raised on purpose; its text is fit to show to the user."""

    permanent: bool = True

    def __init__(self, message: str, *, permanent: bool | None = None) -> None:
        super().__init__(message)
        self.message = message
        if permanent is not None:
            self.permanent = permanent

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders (the PDF worker): keep `permanent` and any id attribute.
        return (_restore, (type(self), self.message, dict(self.__dict__)))


def _restore(kind: type[AutoreaderError], message: str, state: dict[str, object]) -> AutoreaderError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class ConfigError(AutoreaderError):
    """A setting is missing or wrong; names the setting, its value and the expected form."""


class MissingExtraError(ConfigError):
    """An optional package is needed; names the extra that installs it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(f"{package} is not installed; install it with: pip install 'autoreader[{extra}]'")
        self.package = package
        self.extra = extra


class NotFoundError(AutoreaderError):
    """No such paper, subscriber, day or file."""


class UsageError(AutoreaderError):
    """The request itself makes no sense: a bad query, date, address or file."""


class SourceError(AutoreaderError):
    """arXiv (or another source) did not answer as it promises."""

    def __init__(self, message: str, *, url: str = "", permanent: bool | None = None) -> None:
        super().__init__(message, permanent=permanent)
        self.url = url


class SourceUnavailableError(SourceError):
    """The source refused, timed out or asked for patience; nothing was stored from the answer."""

    permanent = False

    def __init__(self, message: str, *, url: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message, url=url)
        self.retry_after_s = retry_after_s


class SourceFormatError(SourceError):
    """The answer is not what was asked for (truncated XML, HTML, "Rate exceeded." with status 200)."""

    permanent = False


class ReadError(AutoreaderError):
    """A PDF could not be turned into a Document (encrypted, truncated, out of time or memory)."""


class OcrError(AutoreaderError):
    """An OCR engine or its endpoint did not do as asked."""


class OcrAuthError(OcrError):
    """The endpoint refuses the key; nothing but a new key helps."""


class OcrUnavailableError(OcrError):
    """The endpoint is cold, busy or down; the page that met it is not to blame and pays no try."""

    permanent = False

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OcrRejectedError(OcrError):
    """The endpoint refuses this page's request (400, 413, 422): a smaller picture may pass."""


class OcrLostError(OcrError):
    """The endpoint no longer knows the job (404, timed out, failed without a word): submit it again."""

    permanent = False


class RerankError(AutoreaderError):
    """A reranker did not score what it was asked to."""


class RerankAuthError(RerankError):
    """The endpoint refuses the key, or there is nothing at its address; nothing but other settings help."""


class RerankUnavailableError(RerankError):
    """The reranker is busy, slow or down."""

    permanent = False


class IndexStateError(AutoreaderError):
    """The search index is absent, broken or made under another embedding contract."""


class MailError(AutoreaderError):
    """A message was not accepted; `permanent` tells a bad address from a busy server."""


class DeliveryUnknownError(MailError):
    """The line broke after the message was handed over; sending it again could send it twice."""


class StoreError(AutoreaderError):
    """The database or the blob folder cannot be used."""
