"""What the acronyms stand for that readers write where papers spell them out."""

from __future__ import annotations

import re

# Only those with one usual meaning on arXiv; a reader who means another one is no worse off than without.
_MEANINGS = {
    "ASR": "automatic speech recognition",
    "CNN": "convolutional neural networks",
    "DFT": "density functional theory",
    "EEG": "electroencephalography",
    "GAN": "generative adversarial networks",
    "GNN": "graph neural networks",
    "IoT": "internet of things",
    "LLM": "large language models",
    "MCMC": "Markov chain Monte Carlo",
    "MRI": "magnetic resonance imaging",
    "fMRI": "functional magnetic resonance imaging",
    "MLLM": "multimodal large language models",
    "NLP": "natural language processing",
    "PDE": "partial differential equations",
    "PINN": "physics-informed neural networks",
    "QA": "question answering",
    "RAG": "retrieval-augmented generation",
    "RL": "reinforcement learning",
    "RLHF": "reinforcement learning from human feedback",
    "RNN": "recurrent neural networks",
    "SLAM": "simultaneous localization and mapping",
    "TTS": "text-to-speech synthesis",
    "UAV": "unmanned aerial vehicles",
    "VLM": "vision-language models",
    "VQA": "visual question answering",
}
_ACRONYM = re.compile(r"\b(" + "|".join(sorted(_MEANINGS, key=len, reverse=True)) + r")(?:'?s)?\b")


def spell_out(text: str) -> str:
    """The text with known acronyms replaced by what they stand for, e.g. "deep RL" as "deep reinforcement learning"."""
    return _ACRONYM.sub(lambda found: _MEANINGS[found[1]], text)
