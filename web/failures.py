"""How errors look from outside: one table from domain errors to HTTP codes, one friendly page for all of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from pipeline.errors import (
    AutoreaderError,
    IndexStateError,
    NotFoundError,
    StoreError,
    UsageError,
)
from web.headers import SECURITY_HEADERS
from web.pages import pages_of

logger = logging.getLogger(__name__)

_RETRY_AFTER_S = 60


@dataclass(frozen=True, slots=True)
class Failure:
    """What a visitor is told. An empty `text` lets the error speak for itself."""

    status: HTTPStatus
    heading: str
    text: str = ""


# The most specific class that matches counts. Errors of ours have a fixed text: theirs may name paths of this machine.
FAILURES: dict[type[Exception], Failure] = {
    NotFoundError: Failure(HTTPStatus.NOT_FOUND, "Not found"),
    UsageError: Failure(HTTPStatus.BAD_REQUEST, "This cannot be answered"),
    IndexStateError: Failure(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Search is not ready yet",
        "There is no search index that could answer. If this site is yours: `autoreader run` reads a day and builds "
        "the index, `autoreader doctor` tells what is wrong.",
    ),
    StoreError: Failure(
        HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer", "Please try again in a minute."
    ),
    Exception: Failure(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Something went wrong here",
        "It is not your fault. The details are in the site's log.",
    ),
}
_HEADINGS = {
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Not like this",
    HTTPStatus.GONE: "Nothing is recorded",
}
_TEXTS = {
    HTTPStatus.NOT_FOUND: "There is no page at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that kind of request.",
}


def failure_of(error: Exception) -> Failure:
    """The table's line for an error, its text filled in."""
    failure = next(FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES)
    return failure if failure.text else Failure(failure.status, failure.heading, str(error))


def install_failures(app: FastAPI) -> None:
    """Lets every error of the application end as a page, or as JSON where JSON was asked for."""
    app.add_exception_handler(AutoreaderError, _on_error)
    app.add_exception_handler(Exception, _on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_bad_parameters)


def _on_error(request: Request, error: Exception) -> Response:
    failure = failure_of(error)
    if failure.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("%s %s failed: %s: %s", request.method, _route(request), type(error).__name__, error)
    return show_failure(request, failure)


def _route(request: Request) -> str:
    """The pattern that matched: a path itself may hold a token or what somebody searched for."""
    return getattr(request.scope.get("route"), "path", "(no route)")


def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - this handler is registered for nothing else
    status = HTTPStatus(error.status_code)
    failure = Failure(status, _HEADINGS.get(status, status.phrase), _TEXTS.get(status, str(error.detail)))
    answer = show_failure(request, failure)
    answer.headers.update(error.headers or {})
    return answer


def _on_bad_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - this handler is registered for nothing else
    text = "; ".join(f"{_name(problem['loc'])}: {problem['msg']}" for problem in error.errors())
    return show_failure(request, Failure(HTTPStatus.BAD_REQUEST, FAILURES[UsageError].heading, text))


def _name(location: Sequence[object]) -> str:
    return str(location[-1]) if location else "request"


def show_failure(request: Request, failure: Failure) -> Response:
    """The answer itself. Its headers are set here too: an answer to an unexpected error bypasses the middleware."""
    answer: Response
    if "/api/" in request.url.path:
        answer = JSONResponse({"error": failure.text}, failure.status)
    else:
        answer = pages_of(request).show(request, "failure.html", {"failure": failure}, failure.status)
    answer.headers.update(SECURITY_HEADERS)
    if failure.status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = str(_RETRY_AFTER_S)
    return answer
