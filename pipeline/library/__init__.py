"""A reader's library: what reference managers export, read into entries and matched to arXiv.

`read_library` and `ZoteroLibrary` give a `Shelf` of entries; `match_stored` tells which stored papers they are, by
`find_candidates` and `choose`. Runs in `autoreader import`.
"""

from __future__ import annotations

from pipeline.library.entry import Broken, Entry, Shelf, SourceKind
from pipeline.library.files import read_library
from pipeline.library.matching import MatchedBy, Verdict, choose
from pipeline.library.stored import Match, match_stored
from pipeline.library.titles import Alike, Candidate, Title, compare, find_candidates
from pipeline.library.words import words_of
from pipeline.library.zotero import ZoteroLibrary, open_zotero

__all__ = [
    "Alike",
    "Broken",
    "Candidate",
    "Entry",
    "Match",
    "MatchedBy",
    "Shelf",
    "SourceKind",
    "Title",
    "Verdict",
    "ZoteroLibrary",
    "choose",
    "compare",
    "find_candidates",
    "match_stored",
    "open_zotero",
    "read_library",
    "words_of",
]
