"""`/api/v1/search` and `/api/v1/related/ID`: what the pages find as JSON, with the fields of the command line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from index import Evidence, Hit
from pipeline.digest import Passage
from pipeline.errors import UsageError
from web.question import MOST_HITS, AskedDep, day_of
from web.shelf import identifier
from web.site import SiteDep

router = APIRouter(prefix="/api/v1")


@router.get("/search")
def search_json(site: SiteDep, asked: AskedDep) -> JSONResponse:
    """`hits` best first and `seconds`; `{"error": ...}` with the status the page would have."""
    if not asked.text:
        raise UsageError("say what to search for: /api/v1/search?q=...")
    found = site.search().search(asked.text, asked.limit, day_of(asked.day, site.store), asked.categories)
    return JSONResponse(
        {
            "query": asked.text,
            "hits": [_hit(hit) for hit in found.hits],
            "considered": found.total_considered,
            "reranked": found.is_reranked,
            "seconds": round(found.seconds, 4),
        }
    )


@router.get("/related/{paper_id:path}")
def related_json(site: SiteDep, paper_id: str, limit: Annotated[int, Query(ge=1, le=MOST_HITS)] = 10) -> JSONResponse:
    """`hits` nearest first, with the reason of each in `why`, and `seconds`; an error as for a search."""
    known = identifier(paper_id)
    found = site.search().related(known, limit)
    hits = [_hit(hit) for hit in found.hits]
    return JSONResponse({"id": known, "hits": hits, "seconds": round(found.seconds, 4)})


def _hit(hit: Hit) -> dict[str, Any]:  # Any: JSON
    return {
        "id": hit.paper_id,
        "title": hit.title,
        "authors": hit.authors,
        "categories": hit.categories,
        "day": hit.day.isoformat(),
        "score": round(hit.score, 4),
        "passages": [_passage(passage, evidence) for passage, evidence in hit.quoted],
        "why": hit.why,
        "also": hit.also,
        "withdrawn": hit.is_withdrawn,
        "url": f"https://arxiv.org/abs/{hit.paper_id}",
    }


def _passage(passage: Passage, evidence: Evidence) -> dict[str, Any]:  # Any: JSON
    box = passage.box
    sentence = evidence.sentence
    return {
        "text": passage.text,
        "page": passage.page,
        "box": [box.left, box.top, box.right, box.bottom] if box else None,
        "section": passage.section,
        "sentence": passage.text[sentence[0] : sentence[1]] if sentence else None,
        "words": evidence.words,
    }
