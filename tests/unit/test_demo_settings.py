from __future__ import annotations

from pathlib import Path

import pytest

from flows.demo.day_run import demo_settings
from pipeline.config import MailSettings, OcrSettings


def test_the_demo_sends_no_mail_and_rents_no_gpu_whatever_its_owner_has_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AUTOREADER_MAIL__SMTP_URL", "smtp://mail.example.org")
    monkeypatch.setenv("AUTOREADER_OCR__RUNPOD_ENDPOINT", "abc123")
    monkeypatch.setenv("AUTOREADER_OCR__MAX_USD_PER_DAY", "5")

    settings = demo_settings(tmp_path, "http://127.0.0.1:1")

    assert (settings.mail, settings.ocr) == (MailSettings(), OcrSettings())


def test_links_in_the_demo_s_mails_do_not_lead_to_the_owner_s_public_site(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AUTOREADER_WEB__BASE_URL", "https://papers.example.org")
    monkeypatch.setenv("AUTOREADER_WEB__PORT", "9000")

    settings = demo_settings(tmp_path, "http://127.0.0.1:1")

    assert (settings.web.base_url, settings.web.port) == ("", 9000)
