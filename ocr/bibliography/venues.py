"""Knows a journal, a conference or a publisher when it sees one, and where its name ends."""

# ruff: noqa: RUF001 (the characters that look alike are the ones PDFs hold)

from __future__ import annotations

import re

from ocr.bibliography.identifiers import GAP
from ocr.bibliography.letters import LOWER, UPPER

# Words that begin the name of a journal or of proceedings, in full or abbreviated.
_JOURNAL_WORDS = (
    "Journal|Journ|Jour|J|Proceedings?|Procs?|Transactions|Trans|Annals|Annales|Ann|Annual|Annu|Advances|Adv|Acta"
    "|Archives?|Arch|Bulletin|Bull|Communications|Commun|Comm|Comput|Physical|Physica|Physics|Phys|Nuclear|Nucl|Nature"
    "|Science|Reviews?|Rev|Revista|Revue|Rept?|Reports|Letters?|Lett|Mathematische|Mathematical|Math|Astron|Astrophys"
    "|ApJ[SL]?|AJ|MNRAS|A ?& ?A|PASP|JHEP|JCAP|JINST|Mon|Nuovo|Eur|Europhys|Europhysics|Class|Classical|New J|IEEE|ACM"
    "|SIAM|PNAS|PLoS|Z|Zeitschrift|Sov|JETP|Progress|Prog|International|Int|Intern|Living|Lecture Notes|Lect|Notices"
    "|Chem|Appl|Biol|Cell|Lancet|Opt|Neural|Quarterly|Quart|Geophys|Am|Amer|CoRR|NIPS|NeurIPS|ICML|ICLR|CVPR|ICCV|ECCV"
    "|ACL|EMNLP|NAACL|AAAI|IJCAI|KDD|SIGIR|SIGMOD|VLDB|STOC|FOCS|CHI|UAI|AISTATS|COLT|Interspeech|ICASSP|Symposium"
    "|Workshop|Found|Fortschr|Gen|Helv|Usp|Russ|Theor|Teor|Publ|Sci|Scientific|Nat|Duke|Invent|Inventiones|Fund"
    "|Pacific|Graduate Texts|Graduate Studies|Undergraduate Texts|Contemporary Math|ACS|AIP|RSC|PLOS|BMC|BMJ|JAMA|EPL"
    "|INFORMS|Memoirs|Mem|Monographs|Springer Series|Ergebnisse|Grundlehren|Translations of|Studies in|Ark|Izv|Dokl"
    "|Ukr|Findings|Foundations and Trends|Philosophical|Phil|Philos|The Annals|The Journal|The American"
)
_NOT_A_VENUE = (
    r"[Pp]reprints?\b|[Aa]r[Xx]iv|CoRR\b|[Tt]ech(?:nical|\.)?\s[Rr]ep|Ph\.?\s?D|[Dd]octoral|[Mm]aster|[Dd]iploma"
    r"|Bachelor|[Tt]hesis|Zenodo|GitHub|Github|R package|[Uu]npublished|[Tt]o appear|[Ss]ubmitted|[Ii]n press"
    r"|[Ff]orthcoming|[Aa]ccepted|[Pp]rivate|[Pp]ersonal|[Vv]ersion\b|US Patent|Accessed|[Aa]vailable|URL\b"
    r"|[Rr]evision|[A-Z]{2,}(?:-[A-Z]{2,})*\s?-\s?\d|INSPIRE|[Oo]nline|ISBN|ISSN|[Dd]oi\b|DOI\b|[Rr]etrieved"
    r"|https?|Report\b|[Ee]ds?\.|[Ee]dition|\d(?:st|nd|rd|th)\sed"
)
_PUBLISHERS = (
    "Springer|Wiley|John Wiley|Elsevier|North[- ]?Holland|Addison|Prentice|McGraw|Morgan Kaufmann|Birkh|Academic Press"
    "|World Scientific|Kluwer|Dover|CRC|Chapman|Pergamon|Benjamin|Cambridge|Oxford|Princeton|Harvard|MIT Press|The MIT"
    "|Clarendon|Freeman|Gordon|Marcel|Plenum|Routledge|SAGE|Sage|Taylor|Society for Industrial|American Mathematical"
    "|American Institute|IOP Pub|World Sci|Curran|Imperial College|O[’']Reilly|Packt|Apress|Pearson|Penguin"
    "|Basic Books|Longman|Macmillan|Wadsworth|Brooks|Athena|Citeseer|Now Publishers|International Press|de Gruyter"
    "|Walter de"
)
_NAME_WORD = rf"(?:[{UPPER}&]|[a-z]{{1,3}}[A-Z]|npj\s)[^\s,;:()\d{GAP}]*"
_LINK_WORD = r"(?:of|and|the|for|in|on|to|de|des|di|du|der|die|für|la|le|et|und|a|an|with|&|-|–|—)"
# Capitalised words, then the volume, then an issue, pages or a year: "Phys. Rev. D 41, 3814", "Optica, vol. 3, no. 2".
NUMBERED = re.compile(
    rf"(?P<name>(?:\d{{4}}\s)?{_NAME_WORD}"
    rf"(?:(?:[\s:]\s?|,\s(?=(?:Sect|Ser|Part|Sec)))(?:{_NAME_WORD}|{_LINK_WORD}(?=\s))){{0,13}}?"
    rf"(?:\s\([{UPPER}][\w.\s]{{1,14}}\))?)"
    r"[,.:]?\s?(?:[Ss]er(?:ies|\.)\s\w+,?\s)?(?P<volume>(?:[Vv]ol(?:ume|\.)?|[Bb]and|Bd\.|[Tt]ome|[Nn]os?\.)\s?)?"
    # No number that is part of a word (GPT4: ...), except before a year or a page as in JHEP05 (2017).
    r"(?:(?<![^\W\d_]{2})|(?=\d{1,4}\s?[(,]))(?:(?P<series>[A-HLX](?=\d))?[A-Z]?\d{1,5}[A-Z]?\b|[IVXL]{2,7}\b)"
    r"(?(volume)|(?:[-–/]\d{1,4})?(?=\s?[:;,]|\s\d|\s[A-Z]\d|\s(?:no|pp?)\b"
    r"|\s?\(\s?(?:[A-Z][a-z]{2,8}\.?,?\s?(?:\d{1,2},?\s)?)?\d))"
)
_ABBREVIATIONS = rf"(?:[{UPPER}][{LOWER}]{{0,11}}\.\s?){{2}}"
JOURNAL = re.compile(rf"(?:{_JOURNAL_WORDS})(?![{LOWER}{UPPER}])|{_ABBREVIATIONS}")
PROCEEDINGS = re.compile(
    rf"[Ii]n:?\s(?=[{UPPER}\d‘“\"])|[Ii]n:\s"
    rf"|(?:(?:19|20)\d\d\s)?(?:\d+(?:st|nd|rd|th)\s)?(?:[{UPPER}]{{2,8}}\s)?"
    r"(?:Proc\b|Proceedings\b|International\sConference|Conference|Workshop|Symposium)"
    rf"|(?:(?:19|20)\d\d\s)?[{UPPER}][\w/-]*\s(?:[\w/-]+\s){{0,6}}?(?:Conference|Symposium|Workshop)\b"
    r"|(?:19|20)\d\d\s(?:IEEE|ACM)"
)
PROCEEDINGS_OF = re.compile(r"[Ii]n:\s|In\s[A-Z][^.]{3,120}\(?[Ee]d(?:itor)?s?\b")
PUBLISHER = re.compile(rf"\(?(?:{_PUBLISHERS})|\(?[{UPPER}][^,;:()]{{1,40}}\s(?:Press|Verlag|Publish\w+|Books)\b")
NO_VENUE = re.compile(rf"[\[(]?(?:{_NOT_A_VENUE})")
# Words that are cut short only inside the names of journals: no title ends with them.
CUT_SHORT = re.compile(
    rf"(?:^|[\s,.&(])(?:[{UPPER}][{LOWER}]{{0,9}}\.\s?[{UPPER}][{LOWER}]{{0,9}}"
    r"|Phys|Rev|J|Proc|Int|Math|Comm|Commun|Ann|Lett|Nucl|Trans|Astron|Astrophys|Bull|Sci|Appl|Mod|Mon|Adv|Conf|Soc"
    r"|Acad|Nat|Eur|Chem|Amer|Am|Univ|Comput|Theor|Geophys|Electron|Quart|Mech|Eng|Symp|Arch|Inst|Natl|Lect|Opt|Stat"
    r"|Biol|Ser|Roy|Gen|Exp|Inf|Syst|Assoc|Mag|Tech|Dept|Eds?|edn|Publ?|Dokl|Zh|Teor|Fiz|Prog|Rept?|Fortschr|Philos"
    r"|Phil|Sov|Usp|Hist|Stud|Sol|Instrum|Res|Sect|Meas|Environ|Med|Clin|Psychol|Intell|Softw)$"
)
UNTITLED = re.compile(
    r"[Tt]o appear|[Tt]o be published|[Ss]ubmitted|[Ii]n press|[Ii]n preparation|[Pp]rivate comm|[Pp]reprint\b"
    r"|[Uu]npublished|[Aa]r[Xx]iv"
)
JOURNAL_YEAR = re.compile(rf"{_NAME_WORD}(?:\s(?:{_NAME_WORD}|{_LINK_WORD}(?=\s))){{0,9}}?,?\s\((?:19|20)\d\d\)")
_EDITORS = re.compile(
    rf"[^()\"“”{GAP}]{{3,200}}?,?\s?(?:\(\s?[Ee]ds?\.?\s?\)|\b[Ee]ds?\.(?=[\s,:])|\b[Ee]ditors?\b\)?)[,.:;]*\s*"
    rf"|edited\sby\s[^,(]+,\s"
)
_IN = re.compile(r"[Ii]n(?::\s?|\s)")
_END = re.compile(
    r"\s?[(\[]|,\s(?:vol|ser|volume|pages?|pp?\.|no\.|nos?\b|number|chapter|ch\.|article|\d|[A-Z]{2,}\s?[’']"
    rf"|[A-Z][a-z]+\.?\s\d{{4}}|edited\s|eds?\.)|;|\sVol|\svol|\spp?\.|\spages\b|:\s\d|{GAP}"
)
_COMMA_INSIDE = re.compile(rf",\s(?:and|&)\s[{UPPER}]|,\s[{UPPER}]\w+(?:,\s[{UPPER}]\w+)*,?\s(?:and|&)\s")
_SENTENCE = re.compile(
    rf"(?<![\s.][{UPPER}])(?<!Proc)(?<!Conf)(?<!Int)(?<!Symp)(?<!Trans)(?<!Comput)(?<!Assoc)\.\s+(?!\d|[{LOWER}])"
)
_PLACE = re.compile(rf"^[{UPPER}][\w\s.,]{{2,30}}:\s")  # of a publisher
_HAS_SERIES = re.compile(r"\s[A-Z]$")
_FEWEST_LETTERS = 2
_LONGEST = 250


def name_of(text: str) -> str:
    """The venue that a text begins with, without volume, pages, publisher or editors; empty where there is none."""
    text = text.lstrip(" .,;:")
    if (opened := _IN.match(text)) is not None:
        text = text[opened.end() :]
        if (editors := _EDITORS.match(text)) is not None:
            text = text[editors.end() :]
    elif NO_VENUE.match(text) or PUBLISHER.match(_PLACE.sub("", text)):
        return ""
    if NO_VENUE.match(text) or "出版社" in text:  # the second says publisher
        return ""
    if (numbered := NUMBERED.match(text)) is not None:
        name = _stripped(numbered["name"])
        # Physicists print Phys. Lett. B 511 and Phys. Lett. B511 alike: the letter belongs to the name.
        is_series = numbered["series"] and text[numbered.end("name")] != "," and not _HAS_SERIES.search(name)
        return f"{name} {numbered['series']}" if is_series and not numbered["volume"] else name
    return _stripped(text[: _end(text)])


def _end(text: str) -> int:
    stops = [match.start() for match in (_END.search(text), _sentence_end(text), _comma(text)) if match is not None]
    return min([*stops, len(text), _LONGEST])


def _sentence_end(text: str) -> re.Match[str] | None:
    return next((match for match in _SENTENCE.finditer(text) if not CUT_SHORT.search(text[: match.start()])), None)


def _comma(text: str) -> re.Match[str] | None:
    return next((one for one in re.finditer(r",\s", text) if not _COMMA_INSIDE.match(text, one.start())), None)


def _stripped(name: str) -> str:
    name = name.strip(" ,;:")
    if sum(map(str.isalpha, name)) < _FEWEST_LETTERS or name[:4].islower():
        return ""
    return name if "." in name[:-1] else name.rstrip(".")
