"""What a paper's licence lets us show, to whom, and how it is called among people.

`may_show` alone decides. Read docs/decisions/0009-licences.md before changing it: what it allows is published.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from urllib.parse import urlsplit


class Shown(StrEnum):
    """What of a paper is about to be shown."""

    QUOTATION = "quotation"  # a short passage, with a link to the paper
    TEXT = "text"  # everything that was read, section by section
    PICTURE = "picture"  # a figure, a table, or a page as an image


class Audience(StrEnum):
    """Who gets to see it."""

    OWNER = "owner"  # whoever runs this installation: it is their own copy
    PUBLIC = "public"  # anybody else


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence in words; `url` is empty where none is on record that can be linked to."""

    name: str
    words: str
    url: str = ""


# Kinds by the path of their URL. `arxiv.org/help/license` lists what authors can choose, and could choose earlier.
_WORDS = {
    "by": "you may share and adapt it, with attribution",
    "by-sa": "you may share and adapt it under the same licence, with attribution",
    "by-nc": "you may share and adapt it for non-commercial purposes, with attribution",
    "by-nc-sa": "you may share and adapt it under the same licence for non-commercial purposes, with attribution",
    "by-nd": "you may share it unchanged, with attribution",
    "by-nc-nd": "you may share it unchanged for non-commercial purposes, with attribution",
    "zero": "in the public domain",
    "mark": "in the public domain",
    "publicdomain": "in the public domain",
}
# Cutting a figure out makes an adaptation, which ND forbids; whether a site is commercial (NC) we cannot know.
_FREE = frozenset({"by", "by-sa", "zero", "mark", "publicdomain"})
_PATHS = (
    re.compile(r"^/licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)(?:/|$)"),
    re.compile(r"^/publicdomain/(?P<kind>zero|mark)/(?P<version>\d\.\d)(?:/|$)"),
    re.compile(r"^/licenses/(?P<kind>publicdomain)(?P<version>)(?:/|$)"),
)
_HOSTS = frozenset({"creativecommons.org", "www.creativecommons.org"})
_ARXIV_HOSTS = frozenset({"arxiv.org", "www.arxiv.org"})


def may_show(licence_url: str, what: Shown, to: Audience) -> bool:
    """Whether this much of a paper under this licence may be shown to them; an unknown licence allows quotations."""
    if what is Shown.QUOTATION or to is Audience.OWNER:
        return True
    return _kind_of(licence_url)[0] in _FREE


def licence_of(url: str) -> Licence:
    """Names the licence behind the URL in arXiv's record (https://info.arxiv.org/help/license)."""
    kind, version = _kind_of(url)
    if kind:
        return Licence(_name(kind, version), _WORDS[kind], url)
    host, path = _parts(url)
    if host in _ARXIV_HOSTS and path.startswith("/licenses/"):
        return Licence("arXiv licence", "arXiv may distribute it, all other rights stay with the authors", url)
    return Licence("no licence on record", "all rights stay with the authors")


def audience_of_site(host: str, base_url: str) -> Audience:
    """Who sees the web page: its owner alone where it listens on a loopback address and has no public one."""
    return Audience.OWNER if is_loopback(host) and not base_url else Audience.PUBLIC


def audience_of_mail(recipient: str, owner: str) -> Audience:
    """Who sees a mail: its recipient is the owner where `arxiv.contact` names the same address."""
    address = parseaddr(owner)[1].casefold()
    return Audience.OWNER if address and parseaddr(recipient)[1].casefold() == address else Audience.PUBLIC


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, can only mean this very machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def _kind_of(url: str) -> tuple[str, str]:
    """Kind and version of a Creative Commons URL; both empty for any other."""
    host, path = _parts(url)
    if host not in _HOSTS:
        return "", ""
    match = next((match for pattern in _PATHS if (match := pattern.match(path))), None)
    return (match["kind"], match["version"]) if match else ("", "")


def _parts(url: str) -> tuple[str, str]:
    """Host and path of a web address in lower case; both empty for what is none."""
    try:
        parts = urlsplit(url.strip().lower())
        is_plain = parts.scheme in ("http", "https") and parts.port is None and not parts.username
    except ValueError:
        return "", ""
    return (parts.hostname or "", parts.path) if is_plain else ("", "")


def _name(kind: str, version: str) -> str:
    match kind:
        case "zero":
            return f"CC0 {version}"
        case "mark" | "publicdomain":
            return "public domain"
        case _:
            return f"CC {kind.upper()} {version}"
