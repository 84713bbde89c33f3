"""The encoder of rankings of which nobody will see a quoted sentence."""

from __future__ import annotations

import numpy as np

from flows.light_encoder import LightEncoder
from pipeline.ports import RankRequest
from pipeline.subscriber import Interest, Profile
from rerank import open_ranker
from tests.fakes.candidates import make_candidate
from tests.fakes.encoder import HashedEncoder


def test_a_query_is_encoded_once_and_is_what_it_was() -> None:
    heavy = HashedEncoder()
    light = LightEncoder(heavy)

    first = light.encode_queries(["moss", "owl", "moss"])
    again = light.encode_queries(["owl"])

    assert heavy.encoded == ["moss", "owl"]
    assert np.array_equal(first, HashedEncoder().encode_queries(["moss", "owl", "moss"]))
    assert np.array_equal(again[0], first[1])


def test_nothing_is_encoded_of_nothing_and_of_no_sentence() -> None:
    heavy = HashedEncoder()
    light = LightEncoder(heavy)

    assert light.encode_queries([]).shape == (0, heavy.contract.dimension)
    assert not light.encode_passages(["moss", "owl"]).any()
    assert (heavy.encoded, light.contract) == ([], heavy.contract)


def test_papers_stand_by_it_as_they_stand_by_the_one_that_reads_sentences() -> None:
    day = [
        make_candidate("2611.00001", "owl fox. Elk moss."),
        make_candidate("2611.00002", "pond", "owl fox yak. Reed."),
    ]
    request = RankRequest(Profile((Interest("owl fox"),)), frozenset(one.paper.id for one in day))

    full, light = (open_ranker(one).rank([request], day)[0] for one in (HashedEncoder(), LightEncoder(HashedEncoder())))

    assert [(one.paper_id, one.score, one.probability, one.place) for one in light] == [
        (one.paper_id, one.score, one.probability, one.place) for one in full
    ]
