from __future__ import annotations

import io

from PIL import Image

from mailer.pictures import MOST_BYTES, MailPicture, fit
from tests.fakes.images import noise, png


def opened(picture: MailPicture | None) -> tuple[MailPicture, Image.Image]:
    assert picture is not None
    return picture, Image.open(io.BytesIO(picture.content))


def test_a_columns_figure_keeps_its_pixels_and_is_shown_at_about_its_size_on_paper() -> None:
    picture, image = opened(fit(png(528, 320), "x-{}@example.org"))

    assert (picture.width, picture.height) == (396, 240)
    assert image.size == (528, 320)
    assert picture.subtype == "png"


def test_a_wide_figure_fits_the_sheet_and_stays_sharp() -> None:
    picture, image = opened(fit(png(1700, 600), "x-{}@example.org"))

    assert (picture.width, picture.height) == (540, 191)
    assert image.size == (1080, 381)


def test_a_tall_figure_does_not_fill_the_mail() -> None:
    picture, _ = opened(fit(png(500, 1400), "x-{}@example.org"))

    assert picture.height == 420


def test_a_photograph_becomes_a_jpeg_small_enough() -> None:
    picture, _ = opened(fit(noise(1100, 800), "x-{}@example.org"))

    assert picture.subtype == "jpeg"
    assert len(picture.content) <= MOST_BYTES


def test_the_same_picture_has_the_same_name_and_another_one_another() -> None:
    names = [picture.cid for one in (png(300, 200), png(300, 200), png(300, 201)) if (picture := fit(one, "x-{}@e"))]

    assert names[0] == names[1] != names[2]


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")

    _, image = opened(fit(out.getvalue(), "x-{}@e"))

    assert image.convert("RGB").getpixel((20, 20)) == (255, 255, 255)


def test_a_thin_line_of_a_picture_is_still_a_picture() -> None:
    picture, image = opened(fit(png(900, 1), "x-{}@e"))

    assert picture.height == 1
    assert image.height == 1
