"""Where the reranker is."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from pipeline.config import RerankSettings
from pipeline.errors import ConfigError
from rerank.address import read_address


@pytest.mark.parametrize(
    "url, route",
    [
        ("http://gpu-box:8000/v1/rerank", "http://gpu-box:8000/v1/rerank"),
        ("http://gpu-box:8000/v1/", "http://gpu-box:8000/v1/rerank"),
        (" http://gpu-box:8080 ", "http://gpu-box:8080/rerank"),
        ("https://api.example.org/v2/rerank", "https://api.example.org/v2/rerank"),
    ],
)
def test_the_route_may_be_left_out(url: str, route: str) -> None:
    assert str(read_address(RerankSettings(url=url)).url) == route


@pytest.mark.parametrize(
    "url", ["gpu-box:8000", "ftp://gpu-box", "http://", "http://user:hunter22@box/v1", "http://b/?k=hunter22"]
)
def test_what_cannot_be_an_address_is_refused_without_telling_secrets(url: str) -> None:
    with pytest.raises(ConfigError, match=r"rerank\.url") as refused:
        read_address(RerankSettings(url=url))

    assert "hunter22" not in str(refused.value)


def test_the_key_is_a_bearer_token_unless_a_header_says_otherwise() -> None:
    settings = RerankSettings(url="http://box", key=SecretStr("hunter22"), headers={"X-Team": SecretStr("reading")})
    override = settings.model_copy(update={"headers": {"Authorization": SecretStr("Basic abc=")}})

    assert read_address(settings).headers == {"authorization": "Bearer hunter22", "x-team": "reading"}
    assert read_address(override).headers == {"authorization": "Basic abc="}


def test_a_key_that_no_header_can_hold_is_refused() -> None:
    with pytest.raises(ConfigError, match="authorization"):
        read_address(RerankSettings(url="http://box", key=SecretStr("two\nlines")))


def test_secrets_are_hidden_in_what_is_said_and_shown() -> None:
    address = read_address(RerankSettings(url="http://box", key=SecretStr("hunter22")))

    assert address.hide("no such key: hunter22") == "no such key: <SECRET>"
    assert "hunter22" not in repr(address)
