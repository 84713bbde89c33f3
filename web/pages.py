"""Templates, and the few words every page shares."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from web import words
from web.effort import in_ranges
from web.markup import code_html, tex_html


class Pages:
    """Renders the templates in `web/templates`, everything escaped, nothing undefined."""

    def __init__(self, root_path: str) -> None:
        self._root_path = root_path
        self._environment = Environment(
            loader=PackageLoader("web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(root=root_path, asset=lambda name: f"{root_path}/static/{_versioned(name)}")
        self._environment.filters.update(
            tex=tex_html,
            code=code_html,
            short_day=words.short_day,
            long_day=words.long_day,
            counted=words.counted,
            number=words.number,
            authors=lambda names: words.listed_authors(names, 8),
            sentence=words.sentence,
            clipped=words.clipped,
            in_ranges=in_ranges,
            capital=lambda text: text[:1].upper() + text[1:],
            dollars=words.dollars,
            paper_url=lambda paper_id: f"{root_path}/paper/{paper_id}",
            day_url=lambda day: f"{root_path}/day/{day.isoformat()}",
        )

    def show(
        self,
        request: Request,
        name: str,
        values: Mapping[str, Any],  # Any: whatever the template prints
        status: int = HTTPStatus.OK,
    ) -> HTMLResponse:
        """Renders a template; it also knows the page's path below the root as `here`, for the navigation."""
        here = request.scope["path"].removeprefix(self._root_path)
        return HTMLResponse(self._environment.get_template(name).render(values, here=here), status)


@cache
def _versioned(name: str) -> str:
    content = (resources.files("web") / "static" / name).read_bytes()
    return f"{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def pages_of(request: Request) -> Pages:
    """The templates of this application."""
    pages: Pages = request.app.state.pages
    return pages


PagesDep = Annotated[Pages, Depends(pages_of)]
