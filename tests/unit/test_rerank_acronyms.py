from __future__ import annotations

import pytest

from rerank.acronyms import spell_out


@pytest.mark.parametrize(
    "written, spelled",
    [
        ("deep RL", "deep reinforcement learning"),
        ("LLMs for code", "large language models for code"),
        ("fMRI studies", "functional magnetic resonance imaging studies"),
        ("RLHF", "reinforcement learning from human feedback"),
        ("GANs, RNN's", "generative adversarial networks, recurrent neural networks"),
    ],
)
def test_known_acronyms_are_spelled_out(written: str, spelled: str) -> None:
    assert spell_out(written) == spelled


@pytest.mark.parametrize("text", ["a world of pde-like things", "RLX", "curl", "organs"])
def test_other_words_stay_as_they_are(text: str) -> None:
    assert spell_out(text) == text
