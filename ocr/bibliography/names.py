"""Reads the list of authors that a reference begins with, whatever way round the names are written.

Each way is a pattern for one name; the way that fits the first name reads on to the end of the list. Names come out as
"Family, Given", so that citations can be matched by family names.
"""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re
from dataclasses import dataclass

from ocr.bibliography.identifiers import GAP
from ocr.bibliography.letters import IDEOGRAPH, LOWER, UPPER

_MARK = "’'‘ʼ`´"
_PARTICLE = (
    r"(?:[Vv]an (?:der?|den|het|'t)|[Vv]an|[Vv]on (?:der|dem|den)|[Vv]on|[Dd]e l[ao]s?|[Dd]e|[Dd]ell?a?|[Dd]egli|degl’"
    r"|[Dd]i|[Dd]al?|[Dd]os|[Dd]as|[Dd]o|[Dd]u|[Dd]en|[Dd]er|[Ll]a|[Ll]e|[Tt]er|[Tt]en|[Zz]ur?|[Zz]um|[Aa]f|[Bb]in"
    rf"|[Ii]bn|[Ee]l|[Aa]l|[{_MARK}]t)"
)
_LETTER = rf"{UPPER}{LOWER}\u0300-\u036f"
# Possessive quantifiers (++, *+) keep a hostile text from being parted in more ways than there is time for.
# One part of a family name: Okafor, O'Neill, d'Ariano, McDonald, Benuzzi-Mounaix, LeGendre; two letters at least.
_WORD = rf"(?:[dDlL][{_MARK}])?[{UPPER}][{_LETTER}{_MARK}]++(?:\s?[-‐–]\s?[{_LETTER}][{_LETTER}{_MARK}]++)*+"
_JOURNAL_BEGINS = r"(?!Jr\b|Sr\b|(?:Phys|Rev|Nucl|Math|Lett|Astron|Astrophys|Proc|Comm|Commun|Ann|Chem|Adv|Int)\.)"
_FAMILY = rf"(?:{_PARTICLE}\s)?{_WORD}(?:\s(?:{_PARTICLE}\s)?{_JOURNAL_BEGINS}{_WORD}){{0,2}}"
_ONE_FAMILY = rf"(?:{_PARTICLE}\s){{0,2}}{_WORD}"
_SUFFIX = r"(?:,?\s(?:Jr|Sr|II|III|IV)\b\.?+)?"
# Transliterated initials may have two letters: Yu. A. Golfand, Th. Hahn, Sz. Borsanyi.
_INITIAL = rf"(?:Yu|Ya|Ye|Ch|Chr|Th|Sz|Zs|Ph|Kh|Zh|Dz|Gy|Ts|Tz|Sh|Cs|St|Wm|Lj|Dj|[{UPPER}])"
# With their dots (J. P., J.-P.) and without (JP, J P, J-P).
_DOTTED = (
    rf"(?:[{UPPER}][-‐–])?{_INITIAL}\.(?:\s?(?:[-‐–]\s?)?{_INITIAL}\.|\s?[-‐–]\s?[a-z]\.){{0,7}}+"
    rf"(?:\s?[-‐–]\s?[{UPPER}](?![{LOWER}.]))?"
)
_BARE = rf"(?:[{UPPER}](?:\s?[-‐–]\s?[{UPPER}]|\s[{UPPER}]){{1,3}}|[{UPPER}]{{1,3}})(?![{_LETTER}{_MARK}‐–-])"
_GIVEN = rf"[{UPPER}][{_LETTER}{_MARK}]++(?:[-‐–][{_LETTER}]++)*+"
_MIDDLE = rf"(?:\s(?:{_DOTTED}|[{UPPER}](?=\s)|{_GIVEN}))"
_TAIL = rf"(?:\s{_PARTICLE}(?!\w))?"
# What may follow a name; a word in small letters may not: "A framework for ..." is a title.
_STOP = (
    r"(?=\s?[,.;:(\[&…\"“”‘\x1a，、；。]|\s(?:(?:and|und|et|y|e|with|[Ii]n|editors?|eds?)\b|[(\[\d–-])"
    r"|\s(?:19|20)\d\d|\s(?:Phys|Nucl|Math|Astron|Proc|Ann)\.|\s?$)"
)

_INITIALS_FIRST = re.compile(
    rf"(?P<given>{_DOTTED})\s?(?P<family>{_FAMILY}{_SUFFIX}){_STOP}"
    rf"|(?P<given2>{_BARE})\s(?P<family2>{_ONE_FAMILY}{_SUFFIX}){_STOP}"
)
_FAMILY_COMMA = re.compile(
    rf"(?P<family>{_FAMILY}),\s?(?P<given>(?:{_DOTTED}|{_BARE}){_TAIL}(?:,?\s?(?:Jr|Sr|II|III)\b\.?)?)(?![{_LETTER}])"
)
_FAMILY_BARE = re.compile(rf"(?P<family>{_FAMILY})\s(?P<given>{_DOTTED}|{_BARE}){_SUFFIX}(?![{_LETTER}])")
_FAMILY_GIVEN = re.compile(
    rf"(?P<family>{_ONE_FAMILY}),\s"
    rf"(?P<given>{_GIVEN}(?:\s(?:{_DOTTED}|{_GIVEN}|[{UPPER}](?![{LOWER}]))){{0,2}}{_TAIL}){_STOP}"
)
# No word that titles begin with, and nothing before a chain of abbreviations: "Bolognesi S. | Nucl. Phys. B".
_GIVEN_FIRST = re.compile(
    rf"(?!(?:The|On|Why|How|What|Towards?|Is|Are|From|For|Using|Beyond)\s)"
    rf"(?P<given>{_GIVEN}{_MIDDLE}{{0,3}}?)(?:\s|(?<=\.))"
    rf"(?P<family>(?:(?:{_PARTICLE}\s){{1,2}}{_WORD}(?:\s{_WORD})?"
    rf"|(?![{UPPER}]{{2,3}}(?![{_LETTER}])){_WORD}){_SUFFIX}){_STOP}"
    rf"(?!:|\.\s?[{UPPER}][{LOWER}]*\.)"
)
_ONLY_FAMILY = re.compile(rf"(?P<family>{_FAMILY})(?P<given>)(?=,?\s(?:et\.?\s?al|and\sothers)\b)")
_IDEOGRAPHS = re.compile(rf"(?P<family>[{IDEOGRAPH}]{{2,5}})(?P<given>)(?=[,，、;；.．。:：\s])")

_VANCOUVER = re.compile(r"(?:19|20)\d\d[\w\s]{0,12};\s?\d")  # 2015 Mar;12(3):4-9
_SEPARATOR = re.compile(
    r"\s?[,;，、；]\s?(?:(?:and|AND|&|und|et(?!\sal)|y|e)\s|&)?(?:\.\.\.|…)?\s?|\s(?:and|AND|und|et(?!\sal)|y)\s|\s?&\s?"
)
_AND = re.compile(r"\b(?:and|AND|und|et|y)\b|&")
_OTHERS = re.compile(
    r"\s?[,;]?\s?(?:(?:and|&)\s)?(?:et\.?\s?al\b\.?|(?:and\s|&\s)?(?:others|(?:other\s)?contributors)\b|等)"
)
_COLLECTIVE = re.compile(
    rf"(?:[Tt]he\s|[{UPPER}][\w-]+,\s){{0,2}}[{UPPER}][^.,:;()\[\]]{{1,80}}?\s?"
    r"(?:[Cc]ollaborations?|Team|Group|Consortium|Foundation|Corporation|Project|Community|Association|Organi[sz]ation"
    r"|Committee|Council|Institute|Technologies|Inc\b\.?|Ltd\b\.?|developers|contributors)"
    r"(?=\s?[.,:;(\[]|\s(?:et al|and)|$)"
)
# An organisation stands before the year, or is written as nobody's name is: OpenAI, NVIDIA, DeepSeek-AI.
_ORGANISATION = re.compile(
    rf"(?P<name>[{_LETTER}][^.(),]{{1,60}})(?=\.?\s?\((?:(?:19|20)\d\d[a-z]?\b|n\.d\.)|\.\s(?:19|20)\d\d[a-z]?\.)"
    rf"|(?P<acronym>(?:[{UPPER}]{{3,}}|[{UPPER}][{LOWER}]+[{UPPER}]\w*)(?:[-\s][{UPPER}]\w*)?)(?=\.\s)"
    rf"|(?P<word>[{UPPER}][\w@-]+)(?=\.\s(?![a-z(\d{GAP}])[^.{GAP}]*\s[^.{GAP}]*)"
)
_JOINT = re.compile(rf",\s(?:the\s)?(?P<name>[{UPPER}][^.,:;()\[\]]{{1,60}}\s[Cc]ollaborations?)(?=[.,:;\s])")
_EDITORS = re.compile(r"\s?,?\s?(?:[(\[]\s?[Ee]ds?\s?\.?\s?[)\]]|[Ee]ditors?\b\.?|[Ee]ds?\.)")
_AFTER_OTHERS = re.compile(
    r"\s?,?\s?(?:[(\[][^()\[\]]{0,60}?[Cc]ollaborations?[)\]]|\((?![12]\d{3})[\w\s,/-]{2,30}\)(?=,|\s\())"
)
_APA_YEAR = re.compile(r"\((?:(?:19|20)\d\d[a-z]?|n\.d\.)(?:,[^()]{1,20})?\)\.\s(?=[^\x1a]{8})")
_SENTENCE_INSIDE = re.compile(rf"[{LOWER}]{{3}}\.\s[{UPPER}]|\d{{2}}")
# What only looks like initials and a family name.
_JOURNAL_NAME = re.compile(
    r"(?:J\.|Z\.|Q\.\s?J\.)\s?"
    r"(?:Phys|Math|Chem|Stat|Geophys|Fluid|Appl|Comput|Amer|Am|Opt|Funct|Diff|High|Geom|Biol|Mol|Exp|Theor|Mech|Med"
    r"|Neuro\w*|Clin|Cell|ACM|Symb|Number|Comb\w*|Reine|Sci|Eng|Res|Plasma|Cosmol|Alg\w*|Low|Magn|Nonlin\w*|Polym|Ind"
    r"|Roy|Naturf\w*|Vac|Atmos|Acoust|Mat|Pure|Differ\w*|Multi\w*|Electro\w*|Astro\w*|Inst\w*|Control)\b"
)
# A name that is none of the ways, just before the year: "..., & M. Okafor, W. et al. (2019)".
_UP_TO_YEAR = re.compile(
    rf"(?:[\s,&.;…]++|[{UPPER}][{_LETTER}{_MARK}-]*+|and\b|et\b|al\b){{1,60}}+(?=\((?:19|20)\d\d[a-z]?\))"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Who is named at the beginning of a text, up to `end`.

    `has_others` where "et al." cut the list short, `is_closed` where that or "and" tells that nobody else comes.
    """

    authors: tuple[str, ...] = ()
    end: int = 0
    has_others: bool = False
    is_closed: bool = False


def read_names(text: str) -> Names:
    """The authors at the beginning; none where it begins with anything else."""
    if (collective := _COLLECTIVE.match(text)) is None:
        return _people(text)
    people = _people(text[collective.end() + 2 :]) if text.startswith(", ", collective.end()) else Names()
    if people.has_others or len(people.authors) > 1:
        return Names((collective[0], *people.authors), collective.end() + 2 + people.end, people.has_others)
    return _finished(text, Names((collective[0],), collective.end()))


def _people(text: str) -> Names:
    best = _read(text, _FAMILY_BARE) if _VANCOUVER.search(text) else Names()
    best = best if best.authors else _read(text, _INITIALS_FIRST)
    if best.authors and not best.is_closed and (more := _written_out(text, best.end)) is not None:
        best = Names(best.authors + more.authors, more.end, more.has_others)
    elif not best.authors:
        best = max((_read(text, way) for way in _WAYS), key=lambda found: found.end)
    if best.authors:
        return _up_to_apa_year(text, _finished(text, best))
    if (organisation := _ORGANISATION.match(text)) is not None:
        return Names((organisation[0].strip(),), organisation.end())
    return Names()


def _up_to_apa_year(text: str, names: Names) -> Names:
    """The whole list where APA's year ends it and something that is no name (a handle, "bot") has cut it short."""
    if text[names.end : names.end + 2] != ", " or (year := _APA_YEAR.search(text, names.end)) is None:
        return names
    if GAP in text[names.end : year.start()] or _SENTENCE_INSIDE.search(text, names.end, year.start()):
        return names
    more = [_ordered(match) for match in _FAMILY_COMMA.finditer(text, names.end, year.start())]
    return Names((*names.authors, *more), year.start(), names.has_others)


def _written_out(text: str, start: int) -> Names | None:
    """Further names with their given names written out, where "and" or "et al." says that it is still the list."""
    if not text.startswith(", ", start):
        return None
    more = _read(text, _GIVEN_FIRST, start + 2)
    return more if more.authors and (more.is_closed or more.has_others) else None


# Of two ways that read equally far the first is right.
_WAYS = (_FAMILY_BARE, _GIVEN_FIRST, _FAMILY_COMMA, _FAMILY_GIVEN, _IDEOGRAPHS, _ONLY_FAMILY)
# How a list may go on whose first name is written so: Chicago's turns the first name around only.
_NEXT = {
    _GIVEN_FIRST: (_GIVEN_FIRST, _INITIALS_FIRST),
    _FAMILY_GIVEN: (_GIVEN_FIRST, _FAMILY_GIVEN, _FAMILY_COMMA),
    _FAMILY_COMMA: (_FAMILY_COMMA, _FAMILY_GIVEN),
}


def _read(text: str, way: re.Pattern[str], start: int = 0) -> Names:
    """The names one after the other; after "et al." or what follows "and" nobody comes."""
    authors: list[str] = []
    end, is_last, is_closed = 0, False, False
    match = way.match(text, start)
    while match is not None:
        is_closed = is_last
        authors.append(_ordered(match))
        end = match.end()
        if (others := _OTHERS.match(text, end)) is not None:
            return Names(tuple(authors), others.end(), has_others=True, is_closed=True)
        separator = _SEPARATOR.match(text, end)
        if separator is None or is_last:
            break
        is_last = _AND.search(separator[0]) is not None
        match = _first_match(text, separator.end(), _NEXT.get(way, (way,)))
    return Names(tuple(authors), end, is_closed=is_closed)


def _first_match(text: str, position: int, ways: tuple[re.Pattern[str], ...]) -> re.Match[str] | None:
    for way in ways:
        if (match := way.match(text, position)) is not None:
            return None if _JOURNAL_NAME.match(text, position) else match
    return None


def _ordered(match: re.Match[str]) -> str:
    found = match.groupdict()
    family, given = found["family"] or found["family2"], found["given"] or found.get("given2") or ""
    family, given = (" ".join(part.split()) for part in (family, given))
    return f"{family}, {given}" if given else family


def _finished(text: str, names: Names) -> Names:
    """The list with what may stand between it and the rest: (Eds.), [LHCb Collaboration]."""
    authors, end, has_others = names.authors, names.end, names.has_others
    if (joint := _JOINT.match(text, end)) is not None:
        authors, end = (*authors, joint["name"]), joint.end()
    for pattern in (_AFTER_OTHERS, _OTHERS, _EDITORS):
        if (match := pattern.match(text, end)) is not None:
            end, has_others = match.end(), has_others or pattern is _OTHERS
    if (match := _UP_TO_YEAR.match(text, end)) is not None:
        end, has_others = match.end(), has_others or "al" in match[0]
    return Names(authors, end, has_others)
