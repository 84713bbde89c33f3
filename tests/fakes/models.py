"""Small seeded models in the folders of sentence-transformers, to be computed by every backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

_TEXT = """graph network we bound the time of random walk on sparse and sample from it proof lower sorting a in is
model text language retrieval vector query search dense learning deep with for to"""
WORDS = _TEXT.split()


def make_bert(
    folder: Path,
    *,
    pooling: str = "mean",
    prompts: dict[str, str] | None = None,
    longest: int = 48,
    seed: int = 0,
    **config: Any,  # any: of transformers' BertConfig
) -> str:
    """Saves a BERT of two layers with random weights; returns its folder's name as a setting has it."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.normalize import Normalize
    from sentence_transformers.base.modules.transformer import Transformer
    from sentence_transformers.sentence_transformer.modules.pooling import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    bare = folder.with_name(f"{folder.name}-bare")
    bare.mkdir(parents=True)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *"abcdefghijklmnopqrstuvwxyz"]
    (bare / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(seed)
    shape = {
        "vocab_size": len(vocabulary),
        "hidden_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 96,
        "max_position_embeddings": 64,
        "initializer_range": 0.3,  # so that texts differ
    }
    BertModel(BertConfig(**(shape | config))).save_pretrained(bare)
    BertTokenizer(vocab_file=str(bare / "vocab.txt")).save_pretrained(bare)
    parts = [Transformer(str(bare), max_seq_length=longest), Pooling(48, pooling_mode=pooling), Normalize()]
    SentenceTransformer(modules=parts, device="cpu", prompts=prompts or {}).save(str(folder))
    return str(folder)
