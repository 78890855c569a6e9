"""Run as a program, never imported by the portal: reads a PDF from standard input, writes one line of JSON.

`state` is open, locked (asks for a password), broken, script (runs something when it is opened or clicked) or
file_inside. One that anybody can open and only nobody may change is open: insurers send their certificates so."""

import contextlib
import io
import json
import resource
import sys

MEMORY = 2 * 1024**3
PROCESSOR_SECONDS = 30
PAGES, LONGEST_PAGE = 60, 6000
RUNS = {"/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute"}
PLAYS = {"/RichMedia", "/Movie", "/Screen", "/3D"}


def main() -> dict:
    """What the PDF on standard input is."""
    import pikepdf
    import pypdfium2

    content = sys.stdin.buffer.read()
    try:
        with pikepdf.open(io.BytesIO(content)) as opened:
            state = harm_in(opened) if len(opened.pages) else "broken"
    except pikepdf.PasswordError:
        state = "locked"
    if state != "open":
        return {"state": state}
    with contextlib.closing(pypdfium2.PdfDocument(content)) as document:
        return {"state": "open", "text": "\f".join(texts_of(document))}


def harm_in(opened) -> str:
    """What the PDF would do, or holds, that no paper does."""
    import pikepdf

    found = "open"
    for thing in opened.objects:
        for one in dictionaries_in(thing, pikepdf):
            if "/JS" in one or str(one.get("/S", "")) in RUNS or str(one.get("/Subtype", "")) in PLAYS:
                return "script"
            if "/EF" in one or "/EmbeddedFiles" in one:
                found = "file_inside"
    return found


def dictionaries_in(thing, pikepdf, depth=0):
    """The object and what lies directly in it; what it refers to comes by itself."""
    if depth and getattr(thing, "is_indirect", False):
        return
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        yield thing
        inside = thing.values()
    elif isinstance(thing, pikepdf.Array):
        inside = thing
    else:
        return
    if depth < 20:
        for one in inside:
            if isinstance(one, pikepdf.Dictionary | pikepdf.Array):
                yield from dictionaries_in(one, pikepdf, depth + 1)


def texts_of(document):
    """The text of each of the first pages."""
    for number in range(min(len(document), PAGES)):
        page = document[number]
        text = page.get_textpage()
        yield text.get_text_range(0, min(text.count_chars(), LONGEST_PAGE))
        text.close()
        page.close()


if __name__ == "__main__":
    # Not every system can limit memory; the limit on time holds everywhere.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        answer = main()
    except Exception:
        answer = {"state": "broken"}
    sys.stdout.write(json.dumps(answer))
