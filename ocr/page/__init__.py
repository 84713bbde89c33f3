"""One page as values: its lines, rectangles, drawings and links, in points from the top left, as pdfium tells them.

The lowest floor of `ocr`. `pdf_file`, `pdf_page` and `pdf_objects`, and what they use, ask pdfium; `PageText` and the
values in it are what all others see. OCR makes the same lines of what it reads.
"""
