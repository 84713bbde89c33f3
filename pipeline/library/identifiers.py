"""arXiv identifiers and DOIs in whatever field an export put them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

# The archives of old-style identifiers (https://arxiv.org/archive), closed ones among them.
_ARCHIVE = (
    r"(?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nlin|nucl-(?:ex|th)|physics|quant-ph|math|cs|q-bio|"
    r"q-fin|stat|eess|econ|acc-phys|adap-org|alg-geom|ao-sci|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|"
    r"dg-ga|funct-an|mtrl-th|patt-sol|plasm-ph|q-alg|solv-int|supr-con)"
)
_NEW = r"(?P<new>(?P<yy>\d\d)(?P<mm>0[1-9]|1[0-2])\.\d{4,5})(?!\d)"
_OLD = rf"(?P<old>(?P<archive>{_ARCHIVE})(?:\.[A-Za-z-]{{2,}})?/(?P<number>\d{{7}}))(?!\d)"
_ID = rf"(?:{_NEW}|{_OLD})(?:v\d+)?"
_WHOLE = re.compile(rf"(?:arxiv\s*:?\s*)?{_ID}(?:\.pdf)?(?:\s*\[[\w.-]+\])?", re.IGNORECASE)
_URL = re.compile(
    r"\b(?:(?:[a-z]+\.)*arxiv\.org/(?:abs|pdf|html|ps|format|src|e-print|list/[\w.-]+)/"
    r"|(?:www\.)?alphaxiv\.org/(?:abs|overview|pdf)/|huggingface\.co/papers/|arxiv\.org/)" + _ID,
    re.IGNORECASE,
)
_DOI_OF_ARXIV = re.compile(rf"10\.48550/arxiv\.{_ID}", re.IGNORECASE)
# A mention counts at the start of a line or of a clause: "an extension of arXiv:..." names another paper.
_MENTION = re.compile(
    rf"(?:^|[;,.(\[])\s*(?:(?:available|at|from|as|also|e-?prints?|pre-?prints?|arxiv(?:\.org)?|corr)\b\W{{0,4}}){{0,4}}"
    rf"(?:arxiv(?:\s*id)?\s*[:.]?\s*|\babs/){_ID}",
    re.IGNORECASE,
)
_EPRINT_LINE = re.compile(rf"(?:_|tex\.)?(?:eprint|arxivid)\s*[:=]\s*(?:arxiv:)?{_ID}\s*", re.IGNORECASE)
_COMMENT = re.compile(r"\s*comments?\s*:", re.IGNORECASE)
_ADDRESS_LINE = re.compile(
    r"\s*(?:(?:url|doi|link|available\s+(?:at|from))\s*:?\s*)?(?:\\url\{)?(?:https?://|10\.\d{4,}/)", re.IGNORECASE
)
_CORR_VOLUME = re.compile(rf"abs/{_ID}", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}]+")
_LONGEST_LINE = 5000
_FIRST_NEW, _FIRST_OLD_YY, _FIVE_DIGITS = "0704", 91, "1501"


def whole_id(text: str) -> str:
    """The identifier that a field consists of (`2401.12345v2`, `arXiv:hep-th/9901001 [hep-th]`), else nothing."""
    return _read(_WHOLE.fullmatch(_line(text)))


def id_in_address(text: str) -> str:
    """The identifier in an address or DOI of arXiv's, anywhere in a text; nothing where there is none, or several."""
    line = _line(unquote(text))
    return _only(_read(match) for some in (_URL, _DOI_OF_ARXIV, _CORR_VOLUME) for match in some.finditer(line))


def id_in_note(text: str) -> str:
    """The identifier that free text gives as this paper's own; nothing where it names several."""
    lines = [line for line in map(_line, text.splitlines()) if not _COMMENT.match(line)]
    own = (_read(_EPRINT_LINE.fullmatch(line)) for line in lines)
    return _only((*own, *(_read(match) for line in lines for match in _MENTION.finditer(line))))


def address_lines(text: str) -> tuple[str, ...]:
    """The lines of free text that are an address or a DOI; one within a sentence may be another paper's."""
    return tuple(line for line in map(_line, text.splitlines()) if _ADDRESS_LINE.match(line))


def id_of_number(number: str, archive: str) -> str:
    """An old-style identifier whose archive stands in a field of its own: `9901001` of `hep-th`."""
    return whole_id(f"{archive.strip()}/{number.strip()}")


def doi_in(text: str) -> str:
    """The first DOI of a text in lower case, without address and closing punctuation; nothing where there is none."""
    match = _DOI.search(unquote(text).replace("\\", ""))  # TeX's \\_
    if match is None:
        return ""
    found = match[0].rstrip(".,;:]'").lower()
    return found.rstrip(").") if found.count(")") > found.count("(") else found


def _line(text: str) -> str:
    """Single blanks, and no more than a note needs: what a stranger wrote must not take minutes to search."""
    return " ".join(text[:_LONGEST_LINE].split())


def _read(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    if match["old"]:
        # The subject class of math.GT/0309136 is no part of the identifier that arXiv answers to.
        return f"{match['archive'].lower()}/{match['number']}"
    month = match["yy"] + match["mm"]
    is_long = len(match["new"]) == len("1501.00001")
    is_possible = month >= _FIRST_NEW and int(match["yy"]) < _FIRST_OLD_YY and is_long == (month >= _FIVE_DIGITS)
    return match["new"] if is_possible else ""


def _only(found: Iterable[str]) -> str:
    ids = {one for one in found if one}
    return ids.pop() if len(ids) == 1 else ""
