"""Where arXiv's services live, or the one mirror or loopback that stands in for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The address of every service; the defaults are arXiv's own.

    Sources: https://info.arxiv.org/help/oa (OAI-PMH moved here in March 2025), /help/rss, /help/api/user-manual.
    """

    oai: str = "https://oaipmh.arxiv.org/oai"
    atom: str = "https://rss.arxiv.org/atom"
    rss: str = "https://rss.arxiv.org/rss"
    api: str = "https://export.arxiv.org/api/query"
    pdfs: str = "https://arxiv.org/pdf"
    authors: str = "https://arxiv.org/a"

    @classmethod
    def under(cls, base_url: str) -> Endpoints:
        """All services below one address; arXiv's own where it is empty. Raises ConfigError."""
        base = base_url.strip().rstrip("/")
        if not base:
            return cls()
        if not base.startswith(("http://", "https://")):
            raise ConfigError(f"setting 'arxiv.base_url' is {base_url!r}: expected http://... or https://...")
        return cls(f"{base}/oai", f"{base}/atom", f"{base}/rss", f"{base}/api/query", f"{base}/pdf", f"{base}/a")

    def feed(self, names: Sequence[str]) -> str:
        """The daily Atom feed of these categories and archives, in one request."""
        return f"{self.atom}/{'+'.join(names)}"

    def pdf(self, paper_id: str, version: int) -> str:
        """The PDF of one version."""
        return f"{self.pdfs}/{paper_id}v{version}"

    def author(self, author_id: str) -> str:
        """The feed of one person's papers (info.arxiv.org/help/author_identifiers.html)."""
        return f"{self.authors}/{author_id}.atom2"
