"""`manage.py export_release OCID`: a notice as JSON on standard output, and nothing else there."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from notices.queries import export
from notices.rules.errors import BadNotice


class Command(BaseCommand):
    """Byte for byte as it was brought in, but for what was changed in the portal since."""

    help = "Write a release, or with --file a whole file, to standard output as JSON"

    def add_arguments(self, parser):
        parser.add_argument("ocid", nargs="?", default="", metavar="OCID")
        parser.add_argument("--release", default="", metavar="ID", help="which release of it (the notice number)")
        parser.add_argument("--organisation", default="", metavar="NAME", help="who holds it: name or PPON")
        parser.add_argument("--file", type=int, metavar="NUMBER", help="a whole file, by the number in its address")

    def handle(self, *, ocid, release, organisation, file, **options):
        if bool(ocid) == bool(file):
            raise CommandError("Say which: an OCID, or --file NUMBER")
        try:
            if file:
                self._give(export.exported_file(self._file(file)))
            else:
                self._give([export.exported_alone(self._release(ocid, release, organisation))])
        except BadNotice as problem:
            raise CommandError(
                f"A change made here cannot be written into the notice: {problem.message} ({problem.path})"
            ) from problem

    def _release(self, ocid, release, organisation):
        found = export.all_releases(ocid, release_id=release, organisation=organisation)
        if not found:
            raise CommandError(f"There is no release of {ocid} here" + (f" with the id {release}" if release else ""))
        holders = sorted({one.organisation.name for one in found})
        if len(holders) > 1:
            raise CommandError(f"Several hold it. Say which with --organisation: {', '.join(holders)}")
        if len(found) > 1 and not found[0].is_source:
            ids = ", ".join(one.release_id for one in found)
            raise CommandError(f"There are several releases. Say which with --release: {ids}")
        return found[0]

    def _file(self, number):
        file = export.all_files(number)
        if file is None or not export.can_be_exported(file):
            raise CommandError(f"There is no file {number} that was read")
        return file

    def _give(self, pieces):
        """As bytes, so that no ending is added and nothing is spelled anew; as text where somebody catches it."""
        out = getattr(self.stdout, "buffer", None)
        for piece in pieces:
            if out:
                out.write(piece)
            else:
                self.stdout.write(piece.decode(), ending="")
        (out or self.stdout).flush()
