"""A cross-encoder of four thousand weights, made from a seed: it runs as a real one does and knows nothing."""

from __future__ import annotations

from pathlib import Path

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *_LETTERS, *(f"##{letter}" for letter in _LETTERS)]
MAX_TOKENS = 32


def save_cross_encoder(folder: Path, *, outputs: int = 1, bias: float = 0.0) -> Path:
    """Writes the model as the hub keeps one, with `bias` added to all scores; returns the folder."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder.mkdir(parents=True)
    vocabulary = {word: number for number, word in enumerate(_WORDS)}
    BertTokenizer(vocab=vocabulary, model_max_length=MAX_TOKENS).save_pretrained(folder)
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(_WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=MAX_TOKENS,
        initializer_range=0.5,  # so that scores differ by more than rounding does
    )
    config.num_labels = outputs
    model = BertForSequenceClassification(config)
    model.classifier.bias.data.fill_(bias)
    model.save_pretrained(folder)
    return folder
