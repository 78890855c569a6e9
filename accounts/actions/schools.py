"""The national register of schools comes in: one pass over the file, one transaction, sets and not rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from accounts import permissions, steps
from accounts.models import Organisation, Successor
from accounts.rules import names, schools
from accounts.states import OrganisationKind
from audit import steps as audit
from core import access

BATCH = 1000
LONGEST_LINE = 64_000  # characters; the register's own stay under 3,000
SHOWN = 200  # refused rows that the summary lists; the rest are counted
WRITTEN = ["kind", "name_key", "parent", *[column for column in schools.COLUMNS if column != "urn"], "updated_at"]


@dataclass
class Summary:
    """What an import did. `refused` holds (line, reason), up to `SHOWN` of them."""

    read: int = 0
    new: int = 0
    changed: int = 0
    closed: int = 0
    trusts: int = 0
    linked: int = 0
    links_unknown: int = 0
    refused_rows: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused_rows += 1
        if len(self.refused) < SHOWN:
            self.refused.append((line, reason))


@transaction.atomic(durable=True)
def import_schools(*, files: list, by, at: dt.datetime, progress: Callable[[int], None] = lambda rows: None) -> Summary:
    """Take in the register's file of schools, its file of links, or both, in any order.

    Schools that closed stay, marked closed; trusts are made from their numbers; a school's parent is its trust, else
    the council of its area. Rows that say nothing new are not written. A row that cannot be read is refused with its
    line and the others go on; a file that cannot be read raises `schools.BadFile` and nothing is written at all.
    """
    access.require(permissions.can_import_schools, by, systems=("accounts.import_schools", "accounts.demo"))
    steps.imports_locked()
    summary, found, links = Summary(), {}, []
    for file in files:
        _read(file, summary, found, links, progress)
    if found:
        known = {
            row[0]: row
            for row in Organisation.objects.filter(kind=OrganisationKind.SCHOOL).values_list(
                "urn", "pk", "parent_id", *schools.COLUMNS[1:]
            )
        }
        _write(found, known, _parents(found, summary), summary)
    _link(links, summary)
    audit.record(
        "accounts.schools.imported",
        by=by,
        data={
            "read": summary.read,
            "new": summary.new,
            "changed": summary.changed,
            "closed": summary.closed,
            "trusts": summary.trusts,
            "linked": summary.linked,
            "refused": summary.refused_rows,
        },
        at=at,
    )
    return summary


def _read(file, summary: Summary, found: dict, links: list, progress) -> None:
    """Read one file (binary, seekable) into `found` (URN → school) or `links`."""
    file.seek(0, io.SEEK_END)
    if file.tell() > settings.SCHOOLS_FILE_MAX_BYTES:
        raise schools.BadFile(f"The file is larger than {settings.SCHOOLS_FILE_MAX_BYTES // 1024**2} MB")
    file.seek(0)
    encoding = schools.encoding_of(iter(lambda: file.read(1024 * 1024), b""))
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        reader = csv.reader(_lines(text), strict=True)
        headers = [header.strip() for header in next(reader)]
        kind = schools.kind_of(headers)
        wanted = schools.SCHOOL_HEADERS if kind == "schools" else schools.LINK_HEADERS
        places = [(header, headers.index(header)) for header in wanted]
        rows = 0
        for cells in reader:
            if not any(cells):
                continue
            rows += 1
            if rows > settings.SCHOOLS_FILE_MAX_ROWS:
                raise schools.BadFile(f"The file has more than {settings.SCHOOLS_FILE_MAX_ROWS:,} rows")
            _read_row(kind, cells, len(headers), places, reader.line_num, summary, found, links)
            if not rows % 5000:
                progress(rows)
    except UnicodeDecodeError as error:
        raise schools.BadFile("The file holds bytes that are not text. Download it again") from error
    except csv.Error as error:
        raise schools.BadFile(f"Line {reader.line_num} of the file is not CSV: {error}") from error
    finally:
        text.detach()
    if not rows:
        raise schools.BadFile("The file has headers and no rows")


def _lines(text) -> Iterator[str]:
    """The lines of a file, none read further than a register's line could be long."""
    number = 0
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise schools.BadFile(f"Line {number} of the file is longer than {LONGEST_LINE:,} characters")
        yield line


def _read_row(kind, cells, width, places, line, summary: Summary, found: dict, links: list) -> None:
    try:
        if len(cells) != width:
            raise schools.BadRow(f"has {len(cells)} columns where the headers have {width}")
        row = {header: cells[place] for header, place in places}
        if kind == "links":
            link = schools.link(row)
            links += [link] if link else []
            return
        summary.read += 1
        school = schools.school(row)
    except schools.BadRow as reason:
        summary.refuse(line, str(reason))
        return
    if school.urn in found:
        raise schools.BadFile(f"URN {school.urn} stands twice in the file, the second time on line {line}")
    found[school.urn] = school


def _parents(found: dict, summary: Summary) -> dict:
    """(`trust`, code) and (`authority`, la_code) → id; makes the trusts that are new, renames those renamed."""
    trusts = {school.trust[0]: school.trust[1] for school in found.values() if school.trust}
    known = {
        trust.trust_code: trust
        for trust in Organisation.objects.filter(kind=OrganisationKind.TRUST).exclude(trust_code="")
    }
    new = [
        Organisation(kind=OrganisationKind.TRUST, name=name, name_key=names.name_key(name), trust_code=code)
        for code, name in sorted(trusts.items())
        if code not in known
    ]
    summary.trusts = len(Organisation.objects.bulk_create(new, batch_size=BATCH))
    renamed = [known[code] for code, name in trusts.items() if code in known and known[code].name != name]
    for trust in renamed:
        trust.name, trust.name_key = trusts[trust.trust_code], names.name_key(trusts[trust.trust_code])
    Organisation.objects.bulk_update(renamed, ["name", "name_key"], batch_size=BATCH)
    parents = Organisation.objects.filter(kind__in=[OrganisationKind.TRUST, OrganisationKind.AUTHORITY])
    return {
        (kind, trust_code if kind == OrganisationKind.TRUST else la_code): pk
        for kind, trust_code, la_code, pk in parents.values_list("kind", "trust_code", "la_code", "pk")
    }


def _write(found: dict, known: dict, parents: dict, summary: Summary) -> None:
    """Insert what is new and update what differs, in batches; leave the rest alone."""
    new, changed = [], []
    for urn, school in found.items():
        if school.trust:
            parent = parents[OrganisationKind.TRUST, school.trust[0]]
        else:
            parent = parents.get((OrganisationKind.AUTHORITY, school.la_code)) if school.la_code else None
        columns = school.columns()
        before = known.get(urn)
        if before and before[2:] == (parent, *columns[1:]):
            continue
        row = Organisation(
            pk=before[1] if before else None,
            kind=OrganisationKind.SCHOOL,
            parent_id=parent,
            name_key=names.name_key(school.name),
            **dict(zip(schools.COLUMNS, columns, strict=True)),
        )
        (changed if before else new).append(row)
        was_open = not before or before[-1]
        summary.closed += was_open and not school.is_open
    summary.new, summary.changed = len(new), len(changed)
    Organisation.objects.bulk_create(new, batch_size=BATCH)
    Organisation.objects.bulk_create(
        changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
    )


def _link(links: list, summary: Summary) -> None:
    """Link closed schools to their successors; a link to a school that is not here is counted and passed over."""
    if not links:
        return
    by_urn = dict(Organisation.objects.filter(kind=OrganisationKind.SCHOOL).values_list("urn", "pk"))
    pairs = {(by_urn[one], by_urn[other]) for one, other in links if one in by_urn and other in by_urn}
    summary.links_unknown = sum(one not in by_urn or other not in by_urn for one, other in set(links))
    pairs -= set(Successor.objects.values_list("closed_id", "successor_id"))
    Successor.objects.bulk_create(
        [Successor(closed_id=one, successor_id=other) for one, other in sorted(pairs)], batch_size=BATCH
    )
    summary.linked = len(pairs)
