"""Where in a text stands what a query searches for."""

from __future__ import annotations

from index.rewording import spellings
from index.terms import analyzer, query_words


def highlight(text: str, query: str) -> list[tuple[int, int]]:
    """Where the query's words stand, in any inflection or spelling: character ranges, ascending, end exclusive."""
    wanted = query_words(query)
    tokens = analyzer().pre_tokenize(text).tokens
    terms = [token.text for token in tokens]
    marked = {place for place, term in enumerate(terms) if term in wanted}
    for phrase in (list(other.phrase) for other in spellings(query)):
        starts = (place for place, term in enumerate(terms) if term == phrase[0])
        runs = (range(place, place + len(phrase)) for place in starts if terms[place : place + len(phrase)] == phrase)
        marked.update(place for run in runs for place in run)
    return [(tokens[place].char_offset_from, _end(text, tokens[place].char_offset_to)) for place in sorted(marked)]


def _end(text: str, end: int) -> int:
    """The end of a token; the second sign of C++ is not in it."""
    return end + 1 if text[end - 1 : end + 1] == "++" else end
