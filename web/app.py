"""The web application, put together. Runs under uvicorn, started by `autoreader serve`."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from web import api, days, feedback, health, never, opensearch, papers, pictures, search, unsubscribe, volume
from web.failures import install_failures
from web.gallery import Gallery
from web.headers import SecurityHeaders
from web.pages import Pages
from web.public_folder import PublicFolder
from web.site import Site

_MIN_GZIP_BYTES = 1000


def create_app(site: Site) -> FastAPI:
    """The application that serves a site. No cookie, no script, and nothing but POST changes anything."""
    app = FastAPI(
        title="autoreader",
        openapi_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(PublicFolder, root_path=site.root_path),
            Middleware(GZipMiddleware, minimum_size=_MIN_GZIP_BYTES),
        ],
    )
    app.state.site = site
    app.state.pages = Pages(site.root_path)
    app.state.gallery = Gallery(site.store, site.blobs, site.images)
    # The pictures come before the papers, whose identifiers may hold a slash.
    for module in (search, pictures, papers, days, unsubscribe, feedback, never, volume, health, opensearch, api):
        app.include_router(module.router)
    app.mount("/static", StaticFiles(packages=[("web", "static")]), name="static")
    install_failures(app)
    return app
