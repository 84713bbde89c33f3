"""The feed of one author's papers at /a/ID.atom2, as browse/controllers/list_page/author.py of arXiv-browse makes it.

Every author of the days has the id that arXiv would have given the first of that name: Ada Lind is `lind_a_1`. Whoever
shares surname and initial shares the id.
"""

from __future__ import annotations

import re
import unicodedata

from lxml import etree

from flows.demo.answer import ARXIV_NS, ATOM_NS, Answer, add, eastern_midnight, namespaces, serialise, text_answer
from flows.demo.archive import Archive
from pipeline.paper import Paper


def answer_author(archive: Archive, page: str) -> Answer:
    """The answer to /a/`page`; 400 for an id that nobody has, as arXiv gives it."""
    author_id = page.removesuffix(".atom2")
    papers = [record.sample.paper for record in reversed(archive.records())]
    theirs = [paper for paper in papers if author_id in map(author_id_for, paper.authors)]
    if not theirs or page == author_id:
        return text_answer(400, f"Author {author_id} not found")
    name = next(name for name in theirs[0].authors if author_id_for(name) == author_id)
    root = etree.Element(f"{{{ATOM_NS}}}feed", nsmap=namespaces(ATOM_NS, arxiv=ARXIV_NS))
    add(root, "title", name)
    add(root, "updated", str(eastern_midnight(archive.at).replace(tzinfo=None)))
    add(root, "id", f"https://arxiv.org/{author_id}")
    for paper in theirs:
        _add_entry(root, paper)
    return Answer(serialise(root), "application/atom+xml; charset=utf-8")


def author_id_for(name: str) -> str:
    """The arXiv author id of the first person of a name, e.g. `lind_a_1`."""
    words = ["".join(re.findall("[a-z]", _unaccented(word))) for word in name.split()]
    return f"{words[-1]}_{words[0][:1]}_1" if len(words) > 1 else f"{''.join(words)}_1"


def _unaccented(word: str) -> str:
    return unicodedata.normalize("NFKD", word).lower()


def _add_entry(root: etree._Element, paper: Paper) -> None:
    entry = add(root, "entry")
    add(entry, "id", f"{paper.id}v{paper.latest_version}")
    add(entry, "title", paper.title)
    add(entry, "summary", paper.abstract)
    add(add(entry, "author"), "name", ", ".join(paper.authors))  # all in one: what `.atom2` differs in from `.atom`
    add(entry, "link", href=paper.abs_url, rel="alternate", type="text/html")
    add(entry, f"{{{ARXIV_NS}}}primary_category", term=paper.primary_category)
