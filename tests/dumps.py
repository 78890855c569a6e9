"""What somebody reads who has a copy of the database, or a file that the portal gave out."""

from __future__ import annotations

import io
import zipfile

from django.db import connection


def everything(*, without: tuple[str, ...] = ()) -> bytes:
    """Every column of every table, as bytes; `without` names tables that are left out."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in without:
                cursor.execute(f'SELECT * FROM "{table}"')
                for row in cursor.fetchall():
                    found += [bytes(one) if isinstance(one, memoryview | bytes) else str(one).encode() for one in row]
    return b"\n".join(found)


def said(answer) -> str:
    """Everything that an answer says: its headings, and its content, whether a page, a sheet or a printed document."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headings = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{headings}\n{_text(content)}"


def _text(content: bytes) -> str:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as sheet:
            return "\n".join(sheet.read(name).decode(errors="replace") for name in sheet.namelist())
    if content.startswith(b"%PDF"):
        import pypdfium2

        document = pypdfium2.PdfDocument(content)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    return content.decode(errors="replace")
