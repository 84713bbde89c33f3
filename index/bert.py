"""BERT written down as OpenVINO operations, straight from a safetensors file.

The network is that of arXiv 1810.04805, section 3, with the names its published weights have. So neither torch nor an
exported copy of the model is needed to run it; a test holds it to torch's vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import ConfigError
from pipeline.ports import F32, I64

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]  # ships no types

_HIDDEN = -1e9  # added to the attention paid to padding


@dataclass(frozen=True, slots=True)
class BertShape:
    """The size of the network: `width` of a token's vector, `inner` between the two halves of a layer.

    `epsilon` belongs to the layer norm.
    """

    layers: int
    heads: int
    width: int
    inner: int
    epsilon: float

    def flop(self, tokens: int) -> int:
        """Floating-point operations in the matrix products over one text; the rest is left out."""
        weights = 4 * self.width * self.width + 2 * self.width * self.inner
        return self.layers * (2 * weights * tokens + 4 * self.width * tokens * tokens)


def load_weights(path: Path) -> dict[str, F32]:
    """The weights of a safetensors file in float32, by the names they have within BERT.

    Raises ConfigError where the file cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        loaded = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"the model's weights {path} cannot be read: {error}") from error
    return {name.removeprefix("bert."): array.astype(np.float32, copy=False) for name, array in loaded.items()}


def bert(shape: BertShape, weights: Mapping[str, F32]) -> openvino.Model:
    """The network: `ids` and `mask` (int64, texts by tokens) in, float32 (texts, tokens, width) out.

    Raises ConfigError naming a weight that is missing.
    """
    import openvino
    from openvino import opset15 as op

    ids = op.parameter([-1, -1], np.int64, name="ids")
    mask = op.parameter([-1, -1], np.int64, name="mask")
    graph = _Graph(shape, weights)
    state = graph.embeddings(ids)
    bias = graph.attention_bias(mask)
    for layer in range(graph.shape.layers):
        state = graph.layer(f"encoder.layer.{layer}", state, bias)
    return openvino.Model([state], [ids, mask], "bert")


def _int64(*numbers: int) -> I64:
    return np.array(numbers, np.int64)


@dataclass(frozen=True, slots=True)
class _Graph:
    """The building blocks; a `node` is an operation of OpenVINO (Any: its package types them loosely)."""

    shape: BertShape
    weights: Mapping[str, F32]

    def embeddings(self, ids: Any) -> Any:
        from openvino import opset15 as op

        length = op.squeeze(op.gather(op.shape_of(ids), _int64(1), np.int64(0)), _int64(0))
        places = op.range(np.int64(0), length, np.int64(1), "i64")
        position = op.gather(self._weight("embeddings.position_embeddings.weight"), places, np.int64(0))
        word = op.gather(self._weight("embeddings.word_embeddings.weight"), ids, np.int64(0))
        kind = self._array("embeddings.token_type_embeddings.weight")[0]  # of the first, here the only, segment
        return self._norm("embeddings.LayerNorm", op.add(op.add(word, position), op.constant(kind)))

    def attention_bias(self, mask: Any) -> Any:
        from openvino import opset15 as op

        is_padding = op.subtract(np.float32(1), op.convert(mask, "f32"))
        return op.unsqueeze(op.multiply(is_padding, np.float32(_HIDDEN)), _int64(1, 2))

    def layer(self, name: str, state: Any, bias: Any) -> Any:
        from openvino import opset15 as op

        query, key, value = (
            self._heads(self._linear(f"{name}.attention.self.{part}", state)) for part in ("query", "key", "value")
        )
        seen = op.transpose(op.scaled_dot_product_attention(query, key, value, bias), _int64(0, 2, 1, 3))
        joined = op.reshape(seen, _int64(0, 0, self.shape.width), special_zero=True)
        attended = op.add(self._linear(f"{name}.attention.output.dense", joined), state)
        attended = self._norm(f"{name}.attention.output.LayerNorm", attended)
        inner = op.gelu(self._linear(f"{name}.intermediate.dense", attended), "erf")
        return self._norm(f"{name}.output.LayerNorm", op.add(self._linear(f"{name}.output.dense", inner), attended))

    def _heads(self, state: Any) -> Any:
        from openvino import opset15 as op

        size = self.shape.width // self.shape.heads
        split = op.reshape(state, _int64(0, 0, self.shape.heads, size), special_zero=True)
        return op.transpose(split, _int64(0, 2, 1, 3))

    def _linear(self, name: str, state: Any) -> Any:
        from openvino import opset15 as op

        product = op.matmul(state, self._weight(f"{name}.weight"), False, True)  # noqa: FBT003  (transpose: b only)
        return op.add(product, self._weight(f"{name}.bias"))

    def _norm(self, name: str, state: Any) -> Any:
        from openvino import opset15 as op

        normal = op.mvn(state, op.constant(_int64(-1)), True, self.shape.epsilon, "inside_sqrt")  # noqa: FBT003
        return op.add(op.multiply(normal, self._weight(f"{name}.weight")), self._weight(f"{name}.bias"))

    def _weight(self, name: str) -> Any:
        from openvino import opset15 as op

        return op.constant(self._array(name))

    def _array(self, name: str) -> F32:
        if name not in self.weights:
            raise ConfigError(f"the model's weights lack {name}: is it a BERT?")
        return self.weights[name]
