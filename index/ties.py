"""Papers near to others, and tied to them by citations: one ranking of both, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.hits import PaperMatch
from pipeline.kinship import Kin

# Of the way from chance to the same. Of the pairs of the demo's 50 papers, most above it are of one field, most below
# are not.
NEAR = 0.33


def tied(
    matches: Sequence[PaperMatch], kin: Sequence[Kin | None], names: Sequence[str], called: str
) -> list[PaperMatch]:
    """The matches with what their ties add, best first, and the reason of each.

    A tie is a share of the way from chance to the same, as meaning is, and the two are added. `names` are the papers
    asked for, which the reasons call `called` if that is given, and else by their names.
    """
    scores = [match.score + (ties.strength if ties else 0) for match, ties in zip(matches, kin, strict=True)]
    scale = max(1.0, *scores, 0.0)
    told = [
        replace(match, score=score / scale, reason=_reason(match, ties, names, called), tells_words=True)
        for match, score, ties in zip(matches, scores, kin, strict=True)
    ]
    return sorted(told, key=lambda match: -match.score)


def _reason(match: PaperMatch, kin: Kin | None, names: Sequence[str], called: str) -> str:
    near = f"near to {called or ', '.join(names)}"
    if kin is None:
        parts = [near]
    elif match.by_meaning < NEAR:
        parts = kin.parts(called)
    else:
        parts = [near, *kin.parts(called, is_named=len(names) == 1)]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}."
