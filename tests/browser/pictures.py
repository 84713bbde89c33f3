"""Makes the README's pictures from the sample day: `python -m tests.browser.pictures FOLDER`. Needs chromium."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser

from flows.wiring import open_parts
from pipeline.config import load_settings
from tests.browser.visit import open_browser, served
from web import Site, create_app

_QUERY = "how many bytes does late interaction need for a passage?"
_WIDTH_PX, _HEIGHT_PX = 1100, 860
_DIGEST_WIDTH_PX = 720


def main(folder: Path) -> None:
    """Runs the demo in a new home and photographs a digest and its search page, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, open_browser() as browser:
        digest = _run_demo(Path(home))
        _shoot(browser, digest.as_uri(), folder / "digest.png", width=_DIGEST_WIDTH_PX)
        with open_parts(load_settings(home=Path(home))) as parts:
            search = parts.search
            search.search(_QUERY)  # the first one loads the model
            site = Site(
                parts.store, parts.blobs, parts.images, lambda: search, parts.secret, parts.settings.web, parts.clock
            )
            with served(create_app(site)) as base:
                for scheme in ("light", "dark"):
                    address = f"{base}/?{urlencode({'q': _QUERY})}"
                    _shoot(browser, address, folder / f"search-{scheme}.png", is_dark=scheme == "dark")


def _run_demo(home: Path) -> Path:
    """The page of the digest with the most figures, of several the longest."""
    command = [sys.executable, "-m", "flows", "demo", "--home", str(home), "--json"]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    pages = [Path(digest["html"]).resolve() for digest in json.loads(said)["digests"]]
    return max(pages, key=lambda page: (page.read_text(encoding="utf-8").count("<img"), page.stat().st_size))


def _shoot(browser: Browser, address: str, path: Path, *, width: int = _WIDTH_PX, is_dark: bool = False) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": _HEIGHT_PX},
        device_scale_factor=2,  # sharp on the screens that READMEs are read on
        color_scheme="dark" if is_dark else "light",
    )
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=path)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
