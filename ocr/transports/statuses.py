"""What an HTTP status means for a page: whose fault it is, and who may try again when."""

from __future__ import annotations

import time

import httpx

from pipeline.arxiv_source.client import retry_after_s
from pipeline.errors import OcrAuthError, OcrError, OcrLostError, OcrRejectedError, OcrUnavailableError

_KEY = frozenset({401, 402, 403, 407})
_NOTHING_THERE = frozenset({404, 405, 410})
_BUSY = frozenset({408, 409, 423, 425, 429})
_SERVER = 500


def error_of(response: httpx.Response, said: str, *, is_result: bool) -> OcrError:
    """The error for a response that is no answer; `said` says what it says, `is_result` that a redirect led there."""
    status = response.status_code
    what = f"the endpoint answered {status} {response.reason_phrase}".rstrip() + (f": {said}" if said else "")
    if status in _KEY:
        return OcrAuthError(f"{what}; look at 'ocr.surya_key' and 'ocr.surya_headers'")
    if status in _NOTHING_THERE:
        # A result that a redirect led to may vanish; where there is no route or model, only the settings can help.
        if is_result:
            return OcrLostError(what)
        return OcrAuthError(f"{what}; look at 'ocr.surya_url' and 'ocr.surya_model'")
    if status in _BUSY or status >= _SERVER:
        wait_s = retry_after_s(response.headers.get("retry-after", ""), time.time())
        return OcrUnavailableError(what, retry_after_s=wait_s)
    return OcrRejectedError(what)
