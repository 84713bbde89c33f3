from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import load_settings
from pipeline.errors import ConfigError


def test_the_environment_wins_over_the_file_and_the_file_over_the_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "autoreader.toml"
    file.write_text('[arxiv]\ncategories = ["math.CO"]\nattempts = 9\n[web]\nport = 9000\n')
    monkeypatch.setenv("AUTOREADER_CONFIG", str(file))
    monkeypatch.setenv("AUTOREADER_WEB__PORT", "9001")

    settings = load_settings()

    assert settings.arxiv.categories == ("math.CO",)
    assert (settings.arxiv.attempts, settings.web.port, settings.mail.max_items) == (9, 9001, 12)


def test_categories_may_be_written_with_spaces_or_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_ARXIV__CATEGORIES", "cs.IR, cs.* stat.ML")

    assert load_settings().arxiv.categories == ("cs.IR", "cs.*", "stat.ML")


def test_a_secret_may_come_from_a_file_and_is_never_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hush-hush\n")
    monkeypatch.setenv("AUTOREADER_OCR__SURYA_KEY_FILE", str(tmp_path / "key"))

    settings = load_settings()

    assert settings.ocr.surya_key.get_secret_value() == "hush-hush"
    assert "hush" not in repr(settings)


@pytest.mark.parametrize(
    "name,value,message",
    [
        ("AUTOREADER_ARXIV__ATTEMPTS", "many", "setting 'arxiv.attempts' is 'many': Input should be a valid integer"),
        ("AUTOREADER_WEB__PROT", "1", "setting 'web.prot' does not exist"),
        ("AUTOREADER_HOEM", "elsewhere", "AUTOREADER_HOEM is no setting"),
        ("AUTOREADER_OCR__RUNPOD_KEY_FILE", "/no/such", "AUTOREADER_OCR__RUNPOD_KEY_FILE: cannot read /no/such"),
        ("AUTOREADER_ARXIV__GIVE_UP_AT", "noon", "setting 'arxiv.give_up_at' is 'noon'"),
    ],
)
def test_a_bad_setting_is_named_with_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert message in str(caught.value)


def test_a_bad_secret_is_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOREADER_OCR__SURYA_HEADERS", "token-that-is-no-json")

    with pytest.raises(ConfigError) as caught:
        load_settings()

    assert "token-that-is-no-json" not in str(caught.value)


def test_a_broken_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    file.write_text("[arxiv\n")
    monkeypatch.setenv("AUTOREADER_CONFIG", str(file))

    with pytest.raises(ConfigError, match=r"broken\.toml is not valid TOML"):
        load_settings()
