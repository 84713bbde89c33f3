"""One page as values: its lines, rectangles, drawings and links, in points from the top left, as pdfium tells them.

The lowest floor of `ocr`. Only `page_text`, `text_pieces`, `characters`, `accents`, `graphics`, `links` and `pdf_file`
know pdfium; OCR makes the same lines of what it sees.
"""
