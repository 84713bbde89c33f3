"""The packaged weights are believed only when they are the official ones, and loading them needs no network."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from index.models import open_encoder
from index.packaged import WEIGHTS_SHA256, packaged_model, verify_weights
from index.processor import has_gpu
from pipeline.config import IndexSettings
from pipeline.errors import ConfigError, IndexStateError


def test_the_packaged_weights_are_the_official_ones() -> None:
    weights = packaged_model() / "model.safetensors"

    assert hashlib.sha256(weights.read_bytes()).hexdigest() == WEIGHTS_SHA256
    assert WEIGHTS_SHA256.startswith("53aa5117")
    assert WEIGHTS_SHA256.endswith("b128d9db")


def test_other_weights_are_refused_by_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not the weights")

    with pytest.raises(IndexStateError, match=r"model\.safetensors were altered: SHA-256 \w{64}, expected 53aa5117"):
        verify_weights(path, WEIGHTS_SHA256)


def test_missing_weights_are_refused_by_the_files_name(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match=r"model\.safetensors cannot be read: No such file"):
        verify_weights(tmp_path / "model.safetensors", WEIGHTS_SHA256)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # torch's and transformers' own
def test_a_model_that_cannot_be_loaded_is_a_setting_to_correct(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"setting 'index\.model' is .*nothing-here"):
        open_encoder(IndexSettings(model=str(tmp_path / "nothing-here")), "words/1")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")  # torch's and transformers' own
def test_a_model_given_by_its_folder_describes_itself_in_the_contract() -> None:
    encoder = open_encoder(IndexSettings(model=str(packaged_model())), "words/1")

    assert encoder.contract.model == "model"
    assert encoder.contract.dimension == 384
    assert len(encoder.contract.revision) == 64
    assert encoder.encode_queries(["graphs"]).shape == (1, 384)


@pytest.mark.skipif(has_gpu(), reason="torch is what runs the model on a GPU")
def test_on_a_cpu_the_packaged_model_needs_neither_torch_nor_output_nor_network() -> None:
    pytest.importorskip("openvino")
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = refuse\n"
        "from index import open_encoder\n"
        "from pipeline.config import IndexSettings\n"
        "open_encoder(IndexSettings(), 'words/1').encode_queries(['graphs'])\n"
        "assert 'torch' not in sys.modules and 'transformers' not in sys.modules\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
