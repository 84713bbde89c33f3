"""A picture as an answer: drawn only where the browser does not have it yet, and kept there for long."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi.responses import Response

from pipeline.errors import ReadError
from pipeline.licence import Audience
from web.failures import Failure, show_failure
from web.visit import Visit

_YEAR_S = 31_536_000


def picture_file(visit: Visit, name: str, draw: Callable[[], bytes]) -> Response:
    """A PNG under a name that changes with it; an address that holds the name (`?v=`) never changes its meaning.

    Where it cannot be drawn the answer says so: 404 for good, 503 for a busy moment.
    """
    headers = {"ETag": f'"{name}"', "Cache-Control": _caching(visit, name)}
    if f'"{name}"' in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    try:
        content = draw()
    except ReadError as error:
        status = HTTPStatus.NOT_FOUND if error.permanent else HTTPStatus.SERVICE_UNAVAILABLE
        text = "It could not be drawn from the paper's PDF." if error.permanent else "Please try again in a minute."
        return show_failure(visit.request, Failure(status, "There is no picture here", text))
    return Response(content, media_type="image/png", headers=headers)


def _caching(visit: Visit, name: str) -> str:
    """What only the owner may see is kept by no cache but their browser's."""
    who = "private" if visit.audience is Audience.OWNER else "public"
    is_named = visit.request.query_params.get("v") == name
    return f"{who}, max-age={_YEAR_S}, immutable" if is_named else f"{who}, no-cache"
