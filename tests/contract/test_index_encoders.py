"""Every encoder keeps the port's promises; the two ways of running the packaged model agree."""

from __future__ import annotations

import numpy as np
import pytest

from index import open_encoder
from index.encoder import unit_length
from index.packaged import WEIGHTS_SHA256, packaged_model
from index.processor import has_gpu
from pipeline.config import IndexSettings
from pipeline.ports import Encoder
from tests.fakes.encoder import HashedEncoder

TEXTS = (
    "Sampling large graphs without bias",
    "Unbiased sampling of vertices from large networks, with a bound on the number of steps. " * 12,
    "A recipe for sourdough bread",
    "",
    "x",
)


@pytest.fixture(scope="module", params=["fake", "packaged"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return HashedEncoder() if request.param == "fake" else open_encoder(IndexSettings(), "words/1")


def test_vectors_are_float32_of_unit_length_and_of_the_contracts_dimension(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(TEXTS)

    assert vectors.dtype == np.float32
    assert vectors.shape == (5, encoder.contract.dimension)
    assert np.linalg.norm(vectors, axis=1).tolist() == pytest.approx([1.0] * 5, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company(encoder: Encoder) -> None:
    alone = np.vstack([encoder.encode_passages([text]) for text in TEXTS])

    assert np.abs(alone - encoder.encode_passages(TEXTS)).max() < 2e-2  # half precision on some machines
    assert np.sum(alone * encoder.encode_passages(TEXTS), axis=1).min() > 0.9995


def test_texts_on_the_same_matter_are_nearer(encoder: Encoder) -> None:
    graphs, networks, bread = encoder.encode_passages(TEXTS[:3])
    question = encoder.encode_queries(["how to sample large graphs"])[0]

    assert question @ graphs > question @ bread
    assert graphs @ networks > graphs @ bread


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.contract.dimension)
    assert encoder.encode_queries([]).shape == (0, encoder.contract.dimension)


def test_the_packaged_models_contract_names_what_decides_a_vectors_meaning() -> None:
    contract = open_encoder(IndexSettings(), "words/7").contract

    assert contract.model == "sentence-transformers/all-MiniLM-L6-v2"
    assert contract.revision == WEIGHTS_SHA256
    assert (contract.dimension, contract.is_normalised) == (384, True)
    assert (contract.query_prompt, contract.passage_prompt, contract.chunker) == ("", "", "words/7")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # torch's and transformers' own
@pytest.mark.skipif(has_gpu(), reason="the packaged model runs by torch where there is a GPU")
def test_openvino_gives_torchs_vectors_in_every_batch() -> None:
    pytest.importorskip("openvino")
    from index.models import load_model
    from index.torch_backend import open_torch

    sentence = "we bound the mixing time of random walks on sparse graphs and sample from them "
    texts = [sentence * (1 + (7 * n) % 24) + f"{n}" for n in range(24)]

    ours = load_model("", 64, "words/1").encode_passages(texts)
    theirs = unit_length(open_torch(str(packaged_model()))[0].embed(texts))

    assert np.sum(ours * theirs, axis=1).min() > 0.999
