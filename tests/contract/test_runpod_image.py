"""Our image for RunPod against what `surya-ocr` asks of a model server and what the worker imports; without Docker."""

import re
import subprocess
from pathlib import Path

import pytest

from ocr.surya.contract import load_contract
from ocr.worker.vllm import vllm_command

_ROOT = Path(__file__).parents[2]
_DOCKERFILE = (_ROOT / "ocr" / "Dockerfile").read_text()
_PYTHON = _ROOT / ".venv-worker" / "bin" / "python"

_IMPORT_ALL = """
import sys
import ocr.worker.__main__, ocr.text_layer, ocr.sandbox.program, ocr.sandbox.pictures
import PIL.PngImagePlugin, runpod.serverless.worker
from ocr.surya.contract import load_contract
load_contract()
for name, module in sorted(sys.modules.items()):
    file = getattr(module, "__file__", None) or ""
    if "." not in name and "site-packages" in file and ".venv-worker" not in file:
        print(name)
"""
_OF_TORCH = {"torch", "torchgen", "functorch", "sympy", "mpmath", "networkx", "jinja2", "markupsafe", "fsspec"}
_OPTIONAL = {"click", "rich", "pygments"}  # of httpx, for its command line


def test_vllm_is_the_version_and_has_the_options_that_surya_starts_it_with() -> None:
    load_contract()  # quietens the package's own warnings
    from surya.settings import settings

    options = dict(one.partition("=")[::2] for one in vllm_command("m", "m", []) if one.startswith("--"))

    assert f"FROM {settings.VLLM_DOCKER_IMAGE}\n" in _DOCKERFILE
    assert options["--max-model-len"] == str(settings.VLLM_MAX_MODEL_LEN)
    assert options["--dtype"] == settings.VLLM_DTYPE
    assert options["--gpu-memory-utilization"] == str(settings.VLLM_GPU_MEMORY_UTILIZATION)
    assert f'"num_speculative_tokens": {settings.VLLM_MTP_TOKENS}' in options["--speculative-config"]
    assert f"ARG MODEL={settings.SURYA_MODEL_CHECKPOINT}\n" in _DOCKERFILE


def test_everything_that_is_copied_is_there_and_passes_the_ignore_file() -> None:
    ignored = (_ROOT / "ocr" / "Dockerfile.dockerignore").read_text().split()
    sources = re.findall(r"^COPY (\S+) ", _DOCKERFILE, re.MULTILINE)

    assert sources == ["ocr/requirements-worker.txt", "pipeline", "ocr"]
    assert all((_ROOT / source).exists() for source in sources)
    assert {f"!{source.partition('/')[0]}" for source in sources} <= set(ignored)


def test_the_container_needs_no_root() -> None:
    assert _DOCKERFILE.index("USER worker") < _DOCKERFILE.index("ENTRYPOINT")


@pytest.mark.skipif(not _PYTHON.exists(), reason="needs RunPod's SDK: make worker-venv")
def test_the_workers_requirements_are_all_it_imports_but_torch() -> None:
    done = subprocess.run([_PYTHON, "-c", _IMPORT_ALL], cwd=_ROOT, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) <= _OF_TORCH | _OPTIONAL
