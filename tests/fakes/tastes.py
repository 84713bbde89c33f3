"""Papers of eight made topics, to learn tastes from: an archive, papers to like, and a day."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from pipeline.ports import Archive, Candidate, RankRequest
from pipeline.subscriber import Interest, Profile
from tests.fakes.candidates import make_candidate

_WORDS = {
    "owls": "owl feather talon roost dusk prey nest pellet wing screech",
    "glaciers": "glacier ice moraine crevasse melt firn calving fjord snout basal",
    "violins": "violin bow string luthier varnish spruce bridge rosin pitch resonance",
    "bread": "bread dough yeast crust gluten oven rye leaven knead crumb",
    "tides": "tide estuary salt marsh surge harbour lunar ebb flood buoy",
    "bees": "bee hive pollen nectar swarm comb queen forage waggle brood",
    "kites": "kite tether sail lift gust spar reel bridle glide thermal",
    "clocks": "clock pendulum escapement gear dial chime spring verge anchor balance",
}
TOPICS = tuple(_WORDS)
_COMMON = tuple(
    re.findall(
        r"\w+", "study method result measure model sample compare field year group effect report value simple new"
    )
)
_MONTHS = {"archive": "2601", "liked": "2605", "day": "2611"}


def make_topical(topic: str, number: int, role: str = "day", **changes: object) -> Candidate:
    """Paper `number` of a topic: six of its ten words and six common ones, the same at every call."""
    drawn = random.Random(f"{topic} {number} {role}")  # noqa: S311  # made papers, nothing secret
    words = _WORDS[topic].split()
    text = drawn.sample(words, 6) + drawn.sample(_COMMON, 6)
    drawn.shuffle(text)
    abstract = " ".join(text)
    made = make_candidate(id_of(topic, number, role), abstract, title=" ".join(drawn.sample(words, 2)))
    fields = {"abstract": abstract, "authors": (f"Ada {topic.title()}{role}{chr(ord('a') + number)}",), **changes}
    return replace(made, paper=replace(made.paper, **fields))  # type: ignore[arg-type]  # named by the test


def id_of(topic: str, number: int, role: str = "day") -> str:
    """The id of such a paper."""
    return f"{_MONTHS[role]}.{TOPICS.index(topic):02}{number:03}"


def topic_of(paper_id: str) -> str:
    """The topic of such a paper."""
    return TOPICS[int(paper_id[5:7])]


def make_archive(each: int = 10) -> Archive:
    """So many papers of every topic, none of them in a day or liked."""
    return Archive(tuple(make_topical(topic, number, "archive") for number in range(each) for topic in TOPICS))


def make_topical_day(each: int = 4) -> tuple[Candidate, ...]:
    """A day of so many papers of every topic."""
    return tuple(make_topical(topic, number) for topic in TOPICS for number in range(each))


def make_reader(
    likes: dict[str, int] | None = None,
    *interests: str | Interest,
    dislikes: dict[str, int] | None = None,
    **changes: object,
) -> RankRequest:
    """A reader who likes so many papers of each topic and asks for these in words; all of the day is eligible."""
    liked, disliked = (
        tuple(make_topical(topic, number, "liked") for topic, many in (some or {}).items() for number in range(many))
        for some in (likes, dislikes)
    )
    profile = Profile(
        tuple(Interest(one) if isinstance(one, str) else one for one in interests),
        likes=tuple(one.paper.id for one in liked),
        dislikes=tuple(one.paper.id for one in disliked),
        **changes,  # type: ignore[arg-type]  # named by the test
    )
    return RankRequest(profile, frozenset(one.paper.id for one in make_topical_day()), liked, disliked)
