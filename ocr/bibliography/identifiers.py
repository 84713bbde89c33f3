"""Finds DOIs, arXiv identifiers and URLs in a reference, also where a line's end has torn them apart.

A text layer shows a line's end as a space, and `10.5281/ zenodo.7463073` is one DOI: what stops in the middle
(after a slash, a hyphen, a dot with too little before it) goes on with the next word.
"""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.paper import ArxivId

GAP = "\x1a"  # stands where an identifier stood, so that no field runs across it; \s does not match it

_MAX_PARTS = 6
_DOI_PREFIX = re.compile(r"10(?<![\d.]10)\s?\.\s?\d{4,9}\s?/\s?")
_DOI_LEAD = re.compile(
    r"(?:(?:https?\s?:\s?/\s?/\s?)?(?:www\s?\.\s?)?(?:dx\s?\.\s?)?doi\s?\.\s?org\s?/\s?|\bdoi\s*[:.]?\s*)+$",
    re.IGNORECASE,
)
_LONGEST_LEAD = 48  # characters of "doi: https://dx.doi.org/"
_ARCHIVES = (
    "astro-ph|cond-mat|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|nlin|nucl-ex|nucl-th|physics|quant-ph|math|cs|q-bio"
    "|q-fin|stat|alg-geom|chao-dyn|dg-ga|funct-an|patt-sol|q-alg|solv-int|cmp-lg|comp-gas|adap-org|acc-phys|ao-sci"
    "|atom-ph|bayes-an|chem-ph|mtrl-th|plasm-ph|supr-con|eess|econ"
).replace("-", r"\s?-?\s?")
_OLD_ID = rf"(?P<archive>{_ARCHIVES})(?:\s?\.\s?[A-Z]{{2}})?\s?/\s?(?P<number>\d{{2}}[01]\d{{4}})"
_NEW_ID = r"(?P<new>(?:0[7-9]|[1-4]\d)(?:0[1-9]|1[0-2])\s?\.\s?\d{4,5})"
_ARXIV = re.compile(
    r"(?:(?:https?\s?:\s?/\s?/\s?)?(?:www\s?\.|export\s?\.)?\s?"
    r"arx\s?iv\s?\.\s?org\s?/\s?(?:abs|pdf|html)\s?/\s?(?:arxiv:)?"
    r"|\barx\s?iv\s?(?:e-?\s?prints?\s?)?[:.]?\s*|\b(?:abs\s?/|eprint\s?:?|preprint\s?:?)\s?|\[|\(|(?<![\w./:-]))"
    rf"(?<![\d.])(?:{_OLD_ID}|{_NEW_ID})(?!\d)(?:\s?v[1-9]\d?(?!\w))?(?:\.pdf)?"
    r"(?P<class>\s*\[\s*[\w.\s-]{2,20}\])?\s?[\])]?",
    re.IGNORECASE,
)
_URL_HEAD = re.compile(r"(?:https?|ftp)\s?:\s?/\s?/\s?|\bwww\s?\.\s?(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_GOES_ON = re.compile(r"[\w~%@?=#&(][^\s]*")
_INSIDE = re.compile(r"[/._=:?&%~-](?=\w)|\d")
_OTHER_ID = re.compile(r"(?:doi|arxiv|url|https?|isbn|issn|pmid)\b", re.IGNORECASE)
_GLUED = re.compile(r"[.,;]?\s?(?:URL)?https?:|[.,;](?:URL|PMID|ISSN|ISBN)|[,;](?:arXiv|url|pmid)|,eprint", re.ASCII)
_DIGITS = re.compile(r"\d+")
_NUMERIC = re.compile(r"\d[\d.]*[.,;)]*$|\d\S*[/.-]\w")
_SERIAL = re.compile(r"\d{4,6}-[\dXx]")  # 10.1016/S0022-1694(02)00164-6 torn behind its bracket
_CUT = re.compile(r"(?:19|20)\d\d\.$|[a-z]\.$", re.IGNORECASE)
_SHORT = 4  # digits of a volume or a year
_YEAR = re.compile(r"(?:19|20)\d\d\W*$")
_JOINTS = (")", "/", "-", "_", ".", "=", "?", "&", "~", "%", "#", ":")
_PATH = re.compile(r"-[a-z\d]|[a-z][\w.-]*/[\w-]|[a-z]+-\w+-\w|[a-z]\w*\.(?:html?|pdf|php|md)\b")
# The DOIs of arXiv have a known form: 10.48550/arXiv.2406.11931
_ARXIV_CUT = re.compile(r"arx iv\.|arxiv\.\d{4}\.(?:\d{1} \d{4}|\d{2} \d{3}|\d{3} \d{2}|\d{4} \d)(?!\d)", re.IGNORECASE)
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a reference is known by; empty where nothing was found. `doi` in lower case, `arxiv_id` without version."""

    doi: str = ""
    arxiv_id: str = ""
    url: str = ""


NO_IDENTIFIERS = Identifiers()


def take_identifiers(text: str) -> tuple[Identifiers, str]:
    """The first DOI, arXiv id and other URL of a reference, and its text with a GAP in the place of each of them."""
    if not _MAY_HOLD(text):
        return NO_IDENTIFIERS, text
    spans = [*_dois(text)]
    doi = next((span.value for span in spans), "")
    arxiv = [span for span in _arxiv_ids(text) if not _overlaps(span, spans)]
    arxiv_id = next((span.value for span in arxiv), "") or _arxiv_of_doi(doi)
    spans += arxiv
    urls = [span for span in _urls(text) if not _overlaps(span, spans)]
    return Identifiers(doi, arxiv_id, next((span.value for span in urls), "")), _without(text, [*spans, *urls])


def identifiers_of_url(url: str) -> Identifiers:
    """What a link points to: doi.org and publishers' pages that bear the DOI in their address, arXiv, or just a URL."""
    doi = next((span.value for span in _dois(_unquoted(url))), "")
    arxiv_id = next((span.value for span in _arxiv_ids(url)), "") if "arxiv" in url.lower() else ""
    if doi or arxiv_id:
        return Identifiers(doi, arxiv_id or _arxiv_of_doi(doi))
    return Identifiers(url=url if url.startswith(("http://", "https://")) else "")


_MAY_HOLD = re.compile(r"\d\s?[./]\s?\d|://|: ?/|www\s?\.|/\d{2}[01]\d{4}|/\s\d{7}", re.IGNORECASE).search
_MAY_HOLD_DOI = re.compile(r"10\s?\.\s?\d{4}").search
_MAY_HOLD_URL = re.compile(r":\s?/\s?/|www\s?\.", re.IGNORECASE).search
_MAY_HOLD_ARXIV = re.compile(r"(?<!\d)\d{4}\s?\.\s?\d{4,5}(?!\d)|/\s?\d{7}(?!\d)").search


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    value: str


def _dois(text: str) -> Iterator[_Span]:
    if not _MAY_HOLD_DOI(text):
        return
    end = 0
    for head in _DOI_PREFIX.finditer(text):
        if head.start() < end:
            continue  # part of the DOI before
        lead = _DOI_LEAD.search(text, max(end, head.start() - _LONGEST_LEAD), head.start())
        printed, end = _walk(text, head.end(), _doi_goes_on)
        if (glued := _GLUED.search(printed)) is not None:
            printed, end = printed[: glued.start()], head.end() + glued.start()
        if suffix := _trimmed(printed):
            prefix = "".join(head[0].split())
            yield _Span(lead.start() if lead else head.start(), end, f"{prefix}{suffix}".lower())


def _arxiv_ids(text: str) -> Iterator[_Span]:
    if not _MAY_HOLD_ARXIV(text):
        return
    for match in _ARXIV.finditer(text):
        new = match["new"]
        plain = "".join(new.split()) if new else f"{_archive(match['archive'])}/{match['number']}"
        try:
            yield _Span(match.start(), match.end(), ArxivId.parse(plain).id)
        except UsageError:
            continue


def _archive(printed: str) -> str:
    """The archive's name as arXiv writes it, where a line's end took its hyphen or put a space into it."""
    bare = re.sub(r"[\s-]", "", printed.lower())
    return _HYPHENATED.get(bare, bare)


_HYPHENATED = {name.replace(r"\s?-?\s?", ""): name.replace(r"\s?-?\s?", "-") for name in _ARCHIVES.split("|")}


def _arxiv_of_doi(doi: str) -> str:
    """DOIs that arXiv itself gives hold the identifier (https://info.arxiv.org/help/doi.html)."""
    if not doi.startswith("10.48550/arxiv."):
        return ""
    return next((span.value for span in _arxiv_ids(doi.removeprefix("10.48550/arxiv."))), "")


def _urls(text: str) -> Iterator[_Span]:
    if not _MAY_HOLD_URL(text):
        return
    end = 0
    for head in _URL_HEAD.finditer(text):
        if head.start() < end:
            continue
        rest, end = _walk(text, head.end(), _url_goes_on)
        rest = _trimmed(rest)
        if rest:
            yield _Span(head.start(), end, head[0].replace(" ", "") + rest)


def _walk(text: str, start: int, goes_on: Callable[[str, str], bool]) -> tuple[str, int]:
    """The words from `start` on that belong together, as one, and where they end."""
    parts = ""
    end = start
    for _ in range(_MAX_PARTS):
        match = _WORD.match(text, end)
        if match is None:
            break
        parts += match[0]
        end = match.end()
        after = _WORD.match(text, end + 1) if text[end : end + 1] == " " else None
        if after is None or GAP in after[0] or not goes_on(parts, after[0]):
            break
        end += 1
    return parts, end


def _url_goes_on(parts: str, after: str) -> bool:
    """Whether a URL that stopped at `parts` goes on with the word after."""
    if not _GOES_ON.match(after) or _OTHER_ID.match(after):
        return False
    if not parts.endswith(_JOINTS):  # torn inside a word: the rest still looks like a path
        return "/" in parts and _PATH.match(after) is not None
    if parts == "www.":
        return True
    if parts.endswith("."):
        return after[0].islower() and _INSIDE.search(after) is not None
    return _INSIDE.search(after) is not None or (parts.endswith(("-", "/")) and after[0].islower())


def _doi_goes_on(parts: str, after: str) -> bool:
    """Whether a DOI's suffix that stopped at `parts` goes on with the word after."""
    if _ARXIV_CUT.match(f"{parts} {after}"):
        return True
    if not parts.endswith(_JOINTS) or not _GOES_ON.match(after) or _OTHER_ID.match(after):
        return False
    if parts.endswith(")"):
        return _SERIAL.match(after) is not None
    return _goes_on_after_dot(parts, after) if parts.endswith((".", ":")) else _INSIDE.search(after) is not None


def _goes_on_after_dot(parts: str, after: str) -> bool:
    groups = _DIGITS.findall(parts)
    if not after[0].isdigit():
        return not groups and after[0].islower() and _INSIDE.search(after) is not None
    if not _NUMERIC.match(after) or (_YEAR.match(after) and len(groups) > 1):
        return False
    # A dot that ends the sentence comes after the last number of the DOI, and most have two (volume and page).
    return (len(groups) <= 1 and len("".join(groups)) <= _SHORT) or _CUT.search(parts) is not None


def _trimmed(printed: str) -> str:
    """Without the sentence's own marks at the end, and without what follows an unmatched bracket."""
    while printed:
        last = printed[-1]
        if last in ".,;:'\"”’“>*" or (last in _PAIRS and printed.count(last) > printed.count(_PAIRS[last])):
            printed = printed[:-1]
        else:
            break
    return printed


def _unquoted(url: str) -> str:
    return re.sub(r"%2f", "/", url, flags=re.IGNORECASE) if "%" in url else url


def _overlaps(span: _Span, others: list[_Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _without(text: str, spans: list[_Span]) -> str:
    for span in sorted(spans, key=lambda span: -span.start):
        text = f"{text[: span.start]}{GAP}{text[span.end :]}"
    return text
