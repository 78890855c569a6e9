"""PNG and JPEG pictures: their size is read before a pixel is, and none is held in full."""

from __future__ import annotations

import warnings
from typing import BinaryIO

from PIL import Image

from files.rules import kinds, refusals
from files.rules.refusals import Refused
from files.states import FileKind

_FORMATS = {FileKind.PNG: "PNG", FileKind.JPEG: "JPEG"}
SMALL = (64, 64)  # a JPEG is read to its end at an eighth of its size, not below this

# Pillow warns above its limit and raises above twice that: here nothing is opened above it, in this process at all.
Image.MAX_IMAGE_PIXELS = kinds.MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


def check(file: BinaryIO, kind: FileKind) -> None:
    """Raise `Refused` for a picture that is too large or damaged."""
    try:
        with Image.open(file, formats=[_FORMATS[kind]]) as opened:
            if kind == FileKind.PNG:
                opened.verify()  # every piece has its checksum
            else:
                opened.draft("RGB", SMALL)
                opened.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(refusals.LARGE_PICTURE) from None
    except Exception:
        # Whatever a library makes of a damaged picture, the person is told that it is one.
        raise Refused(refusals.BROKEN) from None
