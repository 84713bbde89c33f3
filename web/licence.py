"""What a paper's licence lets us show, and how it is called among people."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CREATIVE_COMMONS = re.compile(
    r"^https?://creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/zero)/(?P<version>\d\.\d)"
)
_ARXIV = re.compile(r"^https?://arxiv\.org/licenses/")
_WORDS = {
    "by": "share and adapt it, with attribution",
    "by-sa": "share and adapt it under the same licence, with attribution",
    "by-nc": "share and adapt it for non-commercial purposes, with attribution",
    "by-nc-sa": "share and adapt it under the same licence for non-commercial purposes, with attribution",
    "by-nd": "share it unchanged, with attribution",
    "by-nc-nd": "share it unchanged for non-commercial purposes, with attribution",
}


@dataclass(frozen=True, slots=True)
class Licence:
    """`may_be_shared` decides whether the whole text is shown or only quotations; `url` may be empty."""

    name: str
    words: str
    url: str
    may_be_shared: bool


def licence_of(url: str) -> Licence:
    """Reads the URL in arXiv's record (https://info.arxiv.org/help/license). Unknown ones allow nothing."""
    if match := _CREATIVE_COMMONS.match(url):
        if kind := match["kind"]:
            return Licence(f"CC {kind.upper()} {match['version']}", f"you may {_WORDS[kind]}", url, may_be_shared=True)
        return Licence(f"CC0 {match['version']}", "in the public domain", url, may_be_shared=True)
    if _ARXIV.match(url):
        words = "arXiv may distribute it, all other rights stay with the authors"
        return Licence("arXiv licence", words, url, may_be_shared=False)
    return Licence("no licence on record", "all rights stay with the authors", "", may_be_shared=False)
