"""From the lines of a document's pages to blocks in reading order: headings, paragraphs, formulas, lists, references.

Rules over lines alone, so that they serve a text layer and the lines OCR finds alike.
"""
