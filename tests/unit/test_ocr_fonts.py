import pytest

from ocr.page.fonts import look_of


@pytest.mark.parametrize("name", ["ABCDEF+CMTT10", "SFTT0900", "ABCDEF+Hack-Regular", "LMMono10-Regular", "CourierNew"])
def test_typewriter_fonts_are_known_by_name(name: str) -> None:
    assert look_of(name, 0, 400).is_mono


@pytest.mark.parametrize("name", ["ABCDEF+CMBX12", "NimbusRomNo9L-Medi", "LinLibertineTB", "Arial-BoldMT"])
def test_bold_fonts_are_known_by_name(name: str) -> None:
    assert look_of(name, 0, 400).is_bold


@pytest.mark.parametrize("name", ["CMR10", "TimesNewRomanPSMT", "URWPalladioL-Roma", ""])
def test_text_fonts_are_neither_bold_nor_italic_nor_typewriter(name: str) -> None:
    look = look_of(name, 0, 400)

    assert (look.is_bold, look.is_italic, look.is_mono) == (False, False, False)
