"""PDFs that mean harm: each small, and each wants something without bounds from whoever reads or draws it."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable

from tests.fakes import hostile_pdfs
from tests.fakes.hostile_pdfs import make_page
from tests.fakes.pdf_bytes import assemble, stream

_PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
_CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
_TEXT = b"BT /F1 12 Tf 72 700 Td (Still here) Tj ET"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def make_bomb(chance: random.Random) -> tuple[str, bytes]:
    """One of them, by name, in a size that chance decides."""
    name = chance.choice(sorted(_BOMBS))
    return name, _BOMBS[name](chance)


def names() -> list[str]:
    """Of all bombs."""
    return sorted(_BOMBS)


def make_named(name: str, seed: int = 0) -> bytes:
    """The bomb of this name."""
    return _BOMBS[name](random.Random(seed))  # noqa: S311 (no secret)


def _document(content: bytes, resources: bytes = b"", objects: tuple[bytes, ...] = ()) -> bytes:
    """One page; `objects` are numbered from 6 on, /F1 is a font."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> %s >> >>" % resources
    )
    return assemble([_CATALOGUE, _PAGES, page, stream(content), _FONT, *objects])


def _huge_page(chance: random.Random) -> bytes:
    side = chance.choice(["14400", "1000000", "1e9", "999999999", "1e38", "-1e9"])
    return make_page(_TEXT, f"0 0 {side} {chance.choice([side, '792'])}")


def _tiny_page(chance: random.Random) -> bytes:
    return make_page(_TEXT, chance.choice(["0 0 0 0", "0 0 0.001 0.001", "0 0 792 0.01", "5 5 4 4"]))


def _user_unit(chance: random.Random) -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /UserUnit %d /Rotate %d /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
        % (10 ** chance.randint(3, 12), chance.choice([7, 90, -270, 10**9]))
    )
    return assemble([_CATALOGUE, _PAGES, page, stream(_TEXT), _FONT])


def _many_pages(chance: random.Random) -> bytes:
    count = chance.choice([2_000, 10_000])
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    pages = [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>"] * count
    return assemble([_CATALOGUE, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), *pages])


def _claimed_pages(chance: random.Random) -> bytes:
    count = chance.choice([10**6, 2**31 - 1, 2**31, 10**12, -1])
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    return assemble([_CATALOGUE, b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count, page])


def _same_page_often(chance: random.Random) -> bytes:
    count = chance.choice([500, 5_000])
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>"
    )
    kids = b"3 0 R " * count
    return assemble(
        [_CATALOGUE, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count), page, stream(_TEXT * 50), _FONT]
    )


def _deep_page_tree(chance: random.Random) -> bytes:
    depth = chance.choice([50, 2_000, 20_000])
    nodes = [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (3 + n, 1 + n) for n in range(depth)]
    return assemble([_CATALOGUE, *nodes, b"<< /Type /Page /MediaBox [0 0 99 99] >>"])


def _page_tree_loop(chance: random.Random) -> bytes:
    return (
        hostile_pdfs.make_endless_page_tree()
        if chance.random() < 0.3
        else assemble(
            [
                _CATALOGUE,
                b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
                b"<< /Type /Pages /Kids [4 0 R 2 0 R] /Count 2 /Parent 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 /Parent 3 0 R >>",
            ]
        )
    )


def _deep_arrays(chance: random.Random) -> bytes:
    return hostile_pdfs.make_deeply_nested(chance.choice([100, 10_000, 1_000_000]))


def _deep_object(chance: random.Random) -> bytes:
    depth = chance.choice([100, 10_000, 1_000_000])
    opened, closed = chance.choice([(b"[", b"]"), (b"<</A", b">>")])
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /X %s 0 %s >>" % (opened * depth, closed * depth)
    return assemble([_CATALOGUE, _PAGES, page])


def _deep_states(chance: random.Random) -> bytes:
    return make_page(b"q 1 0 0 1 0 0 cm " * chance.choice([1_000, 200_000]) + _TEXT)


def _form(content: bytes, resources: bytes) -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> %s >>" % resources
    return stream(content, head)


def _form_loop(chance: random.Random) -> bytes:
    del chance
    form = _form(_TEXT + b" /X Do /X Do", b"/XObject << /X 6 0 R >>")
    return _document(b"/X Do", b"/XObject << /X 6 0 R >>", (form,))


def _form_laughs(chance: random.Random) -> bytes:
    """Each form draws the next one several times: 3 to the 25th in the end."""
    depth, times = chance.choice([(25, 3), (8, 10), (500, 1), (12, 3)])
    forms = [
        _form(b"1 0 0 1 1 0 cm /X Do " * times, b"/XObject << /X %d 0 R >>" % (7 + level)) for level in range(depth)
    ]
    return _document(b"/X Do", b"/XObject << /X 6 0 R >>", (*forms, _form(_TEXT, b"")))


def _pattern_bomb(chance: random.Random) -> bytes:
    step = chance.choice([b"0.001", b"0.1", b"0", b"-0.01"])
    pattern = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep %s /YStep %s"
        b" /Resources << >>" % (step, step),
    )
    return _document(b"/Pattern cs /P scn 0 0 612 792 re f " * 5, b"/Pattern << /P 6 0 R >>", (pattern,))


def _pattern_loop(chance: random.Random) -> bytes:
    del chance
    pattern = stream(
        b"/Pattern cs /P scn 0 0 600 700 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
        b" /Resources << /Pattern << /P 6 0 R >> >>",
    )
    return _document(b"/Pattern cs /P scn 0 0 612 792 re f", b"/Pattern << /P 6 0 R >>", (pattern,))


def _mask_loop(chance: random.Random) -> bytes:
    del chance
    state = b"<< /Type /ExtGState /SMask << /Type /Mask /S /Luminosity /G 7 0 R >> >>"
    group = stream(
        b"/G gs 0 0 600 700 re f",
        b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Group << /S /Transparency /CS /DeviceGray >>"
        b" /Resources << /ExtGState << /G 6 0 R >> >>",
    )
    return _document(b"/G gs 0 0 612 792 re f", b"/ExtGState << /G 6 0 R >>", (state, group))


def _shading_bomb(chance: random.Random) -> bytes:
    size = chance.choice([2, 10_000])
    function = stream(
        b"{ " + b"dup mul " * size + b"}", b"/FunctionType 4 /Domain [-1e9 1e9 -1e9 1e9] /Range [0 1 0 1 0 1]"
    )
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceRGB /Domain [-1e9 1e9 -1e9 1e9] /Function 7 0 R >>"
    return _document(b"/S sh", b"/Shading << /S 6 0 R >>", (shading, function))


def _image(chance: random.Random) -> bytes:
    """Claims to be far larger than its data, or than any memory."""
    width = chance.choice([1, 60_000, 2**31 - 1, 10**10, -5])
    height = chance.choice([1, 60_000, 2**31 - 1, 0])
    data, filters = chance.choice(
        [
            (_packed(bytes(1_000_000), 10), b"/Filter /FlateDecode"),
            (chance.randbytes(3_000), b"/Filter /DCTDecode"),
            (b"\xff\xd8\xff\xe0" + chance.randbytes(3_000), b"/Filter /DCTDecode"),
            (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + chance.randbytes(3_000), b"/Filter /JPXDecode"),
            (chance.randbytes(3_000), b"/Filter /JBIG2Decode"),
            (chance.randbytes(3_000), b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 60000 /Rows 60000 >>"),
            (chance.randbytes(300), b"/Filter /RunLengthDecode"),
        ]
    )
    space = chance.choice([b"/DeviceGray", b"/DeviceCMYK", b"[/Indexed /DeviceRGB 255 <00>]", b"[/ICCBased 9 0 R]"])
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s %s" % (
        width,
        height,
        chance.choice([1, 8, 16, 99]),
        space,
        filters,
    )
    return _document(b"q 600 0 0 700 0 0 cm /I Do Q", b"/XObject << /I 6 0 R >>", (stream(data, entries),))


def _packed(chunk: bytes, times: int) -> bytes:
    """What zlib makes of a chunk repeated: packed once, in blocks that do not look back; its checksum is wrong."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(chunk) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * times + b"\x03\x00" + bytes(4)


def _flate_bomb(chance: random.Random) -> bytes:
    """Content that unpacks to hundreds of megabytes, packed once or twice."""
    chunk = chance.choice([b" " * 1_000_000, b"0 0 m 9 9 l S\n" * 70_000])
    packed = _packed(chunk, chance.choice([100, 600]))
    if chance.random() < 0.5:
        return make_page(zlib.compress(packed, 9), filters=b"/Filter [/FlateDecode /FlateDecode]")
    return make_page(packed, filters=b"/Filter /FlateDecode")


def _object_stream_bomb(chance: random.Random) -> bytes:
    """The page stands in an object stream that unpacks to a gigabyte, and only a reference stream knows where."""
    page = b"3 0 << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >> " + b" " * 1_000_000
    packed = _packed(page, chance.choice([50, 1_000]))
    file = bytearray(b"%PDF-1.5\n")
    places = {3: (2, 4, 0)}
    for number, body in (
        (1, _CATALOGUE),
        (2, _PAGES),
        (4, stream(packed, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")),
    ):
        places[number] = (1, len(file), 0)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    places |= {0: (0, 0, 65535), 5: (1, start, 0)}
    rows = b"".join(
        kind.to_bytes(1, "big") + where.to_bytes(4, "big") + index.to_bytes(2, "big")
        for _, (kind, where, index) in sorted(places.items())
    )
    table = stream(rows, b"/Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R")
    return bytes(file) + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, start)


def _text_bomb(chance: random.Random) -> bytes:
    return hostile_pdfs.make_text_bomb(chance.choice([100_000, 1_000_000]))


def _path_bomb(chance: random.Random) -> bytes:
    content = b"".join(b"%d %d m %d %d l S\n" % (n % 600, n % 700, n % 500, n % 300) for n in range(997))
    return make_page(zlib.compress(content * chance.choice([20, 300]), 9), filters=b"/Filter /FlateDecode")


def _font(chance: random.Random) -> bytes:
    """A font program of noise under one of the kinds that renderers parse."""
    key, subtype, head = chance.choice(
        [
            (b"/FontFile", b"/Type1", b"%!PS-AdobeFont-1.0: X\n/FontMatrix [0.001 0 0 0.001 0 0] def\neexec "),
            (b"/FontFile2", b"/TrueType", b"\x00\x01\x00\x00\x00\x09\x00\x80\x00\x03\x00\x10"),
            (b"/FontFile3", b"/Type1", b"\x01\x00\x04\x01\x00\x01\x01\x01"),
        ]
    )
    noise = stream(head + chance.randbytes(chance.choice([0, 50, 5_000])), b"/Subtype /Type1C /Length1 9 /Length2 9")
    widths = b"0 " * chance.choice([0, 5, 100_000])
    font = (
        b"<< /Type /Font /Subtype %s /BaseFont /X /FirstChar %d /LastChar %d /Widths [%s] /FontDescriptor 7 0 R >>"
        % (
            subtype,
            chance.choice([0, -5, 2**31 - 1]),
            chance.choice([255, -1, 2**31 - 1]),
            widths,
        )
    )
    descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontBBox [-1e9 0 0 1e9] %s 8 0 R >>" % key
    pdf = _document(b"BT /F2 12 Tf 72 700 Td (Some text) Tj ET", b"", (font, descriptor, noise))
    return pdf.replace(b"/F1 5 0 R", b"/F2 6 0 R")


def _type3_loop(chance: random.Random) -> bytes:
    del chance
    glyph = stream(b"1000 0 d0 BT /F2 1 Tf (a) Tj ET")
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 7 0 R >>"
        b" /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [1]"
        b" /Resources << /Font << /F2 6 0 R >> >> >>"
    )
    pdf = _document(b"BT /F2 12 Tf 72 700 Td (aaa) Tj ET", b"", (font, glyph))
    return pdf.replace(b"/F1 5 0 R", b"/F2 6 0 R", 1)


def _unicode_map(chance: random.Random) -> bytes:
    """A character map that promises four billion characters."""
    ranges = b"<0000> <ffffffff> <0000>\n" * chance.choice([1, 50_000])
    cmap = stream(b"begincmap 100 beginbfrange\n" + ranges + b"endbfrange endcmap")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R >>"
    pdf = _document(b"BT /F2 12 Tf 72 700 Td (Some text) Tj ET", b"", (font, cmap))
    return pdf.replace(b"/F1 5 0 R", b"/F2 6 0 R", 1)


def _absurd_numbers(chance: random.Random) -> bytes:
    numbers = [b"1e38", b"-1e38", b"99999999999999999999", b"1e-40", b"0", b".", b"--5", b"2147483648"]
    content = b"".join(
        b"q %s cm BT /F1 %s Tf %s %s Td %s Tc (Far out) Tj ET 0 0 m %s l %s c S Q\n"
        % (
            b" ".join(chance.choices(numbers, k=6)),
            chance.choice(numbers),
            *chance.choices(numbers, k=3),
            b" ".join(chance.choices(numbers, k=2)),
            b" ".join(chance.choices(numbers, k=6)),
        )
        for _ in range(50)
    )
    return make_page(content + _TEXT)


def _dashes(chance: random.Random) -> bytes:
    dash = chance.choice([b"0.00001", b"1e-9", b"0.01"])
    return make_page(b"[%s %s] 0 d 50 w 0 0 m 1e7 1e7 l S 0 0 m 600 700 l S" % (dash, dash))


def _trailer_loop(chance: random.Random) -> bytes:
    pdf = hostile_pdfs.make_page(_TEXT)
    start = pdf.rindex(b"xref\n0")
    return pdf.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % chance.choice([start, 0, -1, 10**12]))


def _annotations(chance: random.Random) -> bytes:
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 600 700] /Border [0 0 9] >> "
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Annots [%s] >>" % (
        link * chance.choice([10, 50_000])
    )
    return assemble([_CATALOGUE, _PAGES, page])


_BOMBS: dict[str, Callable[[random.Random], bytes]] = {
    "a character map without end": _unicode_map,
    "a cross-reference loop": _trailer_loop,
    "a deep page tree": _deep_page_tree,
    "a flate bomb": _flate_bomb,
    "a font of noise": _font,
    "a form drawing itself": _form_loop,
    "a glyph drawing itself": _type3_loop,
    "a huge page": _huge_page,
    "a mask masking itself": _mask_loop,
    "a page tree in a loop": _page_tree_loop,
    "a pattern in itself": _pattern_loop,
    "a pattern of tiny steps": _pattern_bomb,
    "a shading without end": _shading_bomb,
    "a tiny page": _tiny_page,
    "a user unit": _user_unit,
    "absurd numbers": _absurd_numbers,
    "an absurd image": _image,
    "an object stream bomb": _object_stream_bomb,
    "deep arrays": _deep_arrays,
    "deep graphics states": _deep_states,
    "deep objects": _deep_object,
    "forms of forms": _form_laughs,
    "many annotations": _annotations,
    "many pages": _many_pages,
    "one page many times": _same_page_often,
    "pages that are not there": _claimed_pages,
    "paths by the thousand": _path_bomb,
    "text by the megabyte": _text_bomb,
    "tiny dashes": _dashes,
}
