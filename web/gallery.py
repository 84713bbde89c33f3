"""The pictures and documents behind the pages of a site."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import Depends, Request

from pipeline.blobs import Blobs
from pipeline.document import Document
from pipeline.document_json import decode_document
from pipeline.errors import StoreError
from pipeline.illustrations import Illustrator
from pipeline.ports import PageImages
from pipeline.reading import StoredDocument
from pipeline.store import Store
from web.one_at_a_time import OneAtATime

logger = logging.getLogger(__name__)


class Gallery:
    """What the pages show beyond the store's rows; `illustrator` draws one picture at a time."""

    def __init__(self, store: Store, blobs: Blobs, images: PageImages) -> None:
        self._blobs = blobs
        self.illustrator = Illustrator(store, blobs, OneAtATime(images))

    def document(self, stored: StoredDocument | None) -> Document | None:
        """A read document; None where there is none, or its file is gone: a page can do without."""
        if stored is None:
            return None
        try:
            return decode_document(self._blobs.get(stored.blob_sha256))
        except StoreError as error:
            logger.warning("the document of %s cannot be shown: %s", stored.key, error)
            return None


def gallery_of(request: Request) -> Gallery:
    """The gallery of this application."""
    gallery: Gallery = request.app.state.gallery
    return gallery


GalleryDep = Annotated[Gallery, Depends(gallery_of)]
