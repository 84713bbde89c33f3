from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr

from ocr.transports.address import Address, read_address
from ocr.transports.wording import explain, hide, shorten
from pipeline.config import OcrSettings
from pipeline.errors import ConfigError


def _address(url: str = "http://gpu:8000", key: str = "", **headers: str) -> Address:
    secret = {name.replace("_", "-"): SecretStr(value) for name, value in headers.items()}
    return read_address(OcrSettings(surya_url=url, surya_key=SecretStr(key), surya_headers=secret))


@pytest.mark.parametrize(
    "url,base",
    [
        ("http://gpu:8000", "http://gpu:8000/v1"),
        ("http://gpu:8000/", "http://gpu:8000/v1"),
        (" http://gpu:8000/v1/ ", "http://gpu:8000/v1"),
        ("http://gpu:8000/v1/chat/completions", "http://gpu:8000/v1"),
        ("http://gpu:8000/v1/models/", "http://gpu:8000/v1"),
        ("https://api.runpod.ai/v2/ab12/openai/v1", "https://api.runpod.ai/v2/ab12/openai/v1"),
        ("https://api.runpod.ai/v2/ab12/openai", "https://api.runpod.ai/v2/ab12/openai/v1"),
        ("https://x.example/v1beta/openai/", "https://x.example/v1beta/openai"),
        ("https://me--surya.modal.run", "https://me--surya.modal.run/v1"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_a_base_url_may_end_as_people_write_it(url: str, base: str) -> None:
    assert str(_address(url).base) == base


@pytest.mark.parametrize("url", ["", "gpu:8000", "ftp://gpu/v1", "http://", "http://[::1", "/v1"])
def test_what_is_no_address_is_told_with_an_example(url: str) -> None:
    with pytest.raises(ConfigError, match=r"'ocr.surya_url' is .* expected an address like http://gpu-box:8000/v1"):
        _address(url)


@pytest.mark.parametrize("url", ["https://me:pass1234@x.example/v1", "https://x.example/v1?token=pass1234"])
def test_secrets_do_not_belong_in_the_address(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _address(url)

    assert "pass1234" not in str(caught.value)
    assert "'ocr.surya_key'" in str(caught.value)


def test_the_key_is_a_bearer_token_and_headers_come_beside_it() -> None:
    address = _address(key=" key1 ", Modal_Key="abcd", Modal_Secret="efgh")

    assert address.headers == {"authorization": "Bearer key1", "modal-key": "abcd", "modal-secret": "efgh"}


def test_a_header_of_ones_own_wins_over_the_key() -> None:
    assert _address(key="key1", Authorization="Basic abcd").headers == {"authorization": "Basic abcd"}


@pytest.mark.parametrize("value", ["two\nlines", "Schlüssel"])
def test_what_cannot_stand_in_a_header_is_told_without_the_value(value: str) -> None:
    with pytest.raises(ConfigError, match=r"'x-key' or its value") as caught:
        _address(X_Key=value)

    assert value not in str(caught.value)


def test_an_address_never_shows_its_secrets() -> None:
    assert "abcd" not in repr(_address(key="abcd1234", X_Key="abcd5678"))


@pytest.mark.parametrize(
    "url,is_loopback",
    [
        ("http://127.0.0.1:1", True),
        ("http://localhost", True),
        ("http://[::1]", True),
        ("http://10.0.0.1", False),
        ("http://localhost.evil.example", False),
    ],
)
def test_loopback_is_this_machine_alone(url: str, is_loopback: bool) -> None:
    assert _address(url).is_loopback is is_loopback


@pytest.mark.parametrize(
    "target,is_told",
    [
        ("http://gpu:8000/results/1", True),
        ("http://gpu:8001/results/1", False),
        ("https://gpu:8000/results/1", False),
        ("http://gpu.evil.example:8000/", False),
    ],
)
def test_secrets_go_to_the_endpoint_alone(target: str, is_told: bool) -> None:
    address = _address(key="abcd", X_Key="efgh")
    request = httpx.Request("GET", target, headers={**address.headers, "accept": "*/*"})

    kept = address.without_secrets(request).headers

    assert ("authorization" in kept, "x-key" in kept, "accept" in kept) == (is_told, is_told, True)


def test_the_same_host_may_insist_on_https() -> None:
    address = _address("http://x.example", key="abcd")
    request = httpx.Request("GET", "https://x.example/v1", headers=dict(address.headers))

    assert address.without_secrets(request).headers["authorization"] == "Bearer abcd"


@pytest.mark.parametrize(
    "body,said",
    [
        (b'{"error": {"message": "no such\\nmodel", "code": 404}}', "no such model"),
        (b'{"error": "loading model"}', "loading model"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'{"detail": [{"loc": 1}]}', '[{"loc": 1}]'),
        (b"<html><style>p{}</style><h1>502</h1> Bad gateway</html>", "502 Bad gateway"),
        (b"", ""),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"x" * 500, "x" * 197 + "..."),
        (b'{"error": "key abcd1234 is wrong"}', "key <SECRET> is wrong"),
    ],
)
def test_a_refusal_is_told_in_few_words_without_secrets(body: bytes, said: str) -> None:
    assert explain(body, ["abcd1234"]) == said


def test_longer_secrets_are_hidden_first_and_tiny_ones_not_at_all() -> None:
    assert hide("Bearer abcd and a", ["abcd", "Bearer abcd", "a"]) == "<SECRET> and a"


def test_any_value_fits_on_a_line() -> None:
    assert shorten({"a": [1, "ü"]}) == '{"a": [1, "ü"]}'
