"""Run as a program, never imported by the portal: draws the pages of the PDF, or the picture, on standard input into a
folder, and writes a line of JSON about each as it goes.

`{"pages": 4}` comes first; `{"at": 2}` before a page is begun; `{"number": 2, "width": 1200, "height": 1697}` when it
lies in the folder as `2.jpg`. A page on which a library breaks is left out; one that takes too long ends the program:
whoever runs it sees at which page, and begins again behind it (the second argument)."""

import contextlib
import io
import json
import resource
import signal
import sys
from pathlib import Path

MEMORY = 2 * 1024**3
PROCESSOR_SECONDS = 60
PAGE_SECONDS = 8  # of the processor, for one page
PAGES = 60
WIDTH, TALLEST = 1200, 3600  # pixels
LARGEST_SCALE = 4
QUALITY = 70
PIXELS = 80_000_000  # of a picture, before it is made smaller


def main(folder: Path, first: int) -> None:
    """Draw the pages from `first` on."""
    content = sys.stdin.buffer.read()
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        draw_document(content, folder, first)
    else:
        say(pages=1)
        with one_page(1):
            keep(picture(content), 1, folder)


def draw_document(content: bytes, folder: Path, first: int) -> None:
    import pypdfium2

    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        document.init_forms()  # what was typed into a form is part of its page
        say(pages=len(document))
        for number in range(first, min(len(document), PAGES) + 1):
            with one_page(number):
                page = document[number - 1]
                width, height = page.get_size()
                bitmap = page.render(scale=min(WIDTH / width, TALLEST / height, LARGEST_SCALE))
                keep(bitmap.to_pil(), number, folder)
                bitmap.close()
                page.close()


def picture(content: bytes):
    """A photograph, upright and no wider than a page."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = PIXELS // 2  # twice of it is refused
    opened = Image.open(io.BytesIO(content), formats=["PNG", "JPEG"])
    opened.draft("RGB", (WIDTH, TALLEST))
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((WIDTH, TALLEST))
    if "A" in upright.getbands() or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright)
    return upright


def keep(image, number: int, folder: Path) -> None:
    image.convert("RGB").save(folder / f"{number}.jpg", "JPEG", quality=QUALITY)
    say(number=number, width=image.width, height=image.height)


@contextlib.contextmanager
def one_page(number: int):
    """What breaks here costs this page alone. Nobody waits for the signal's handler: it ends the program, also in the
    middle of a library."""
    say(at=number)
    signal.setitimer(signal.ITIMER_PROF, PAGE_SECONDS)
    try:
        yield
    except Exception as error:
        say(number=number, broke=type(error).__name__)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def say(**words) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # Not every system can limit memory; the limits on time hold everywhere.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with contextlib.suppress(Exception):  # whoever runs it sees that nothing was drawn
        main(Path(sys.argv[1]), int(sys.argv[2]))
