"""`manage.py import_release FILE`: bring a notice in from the command line, by the same actions as the pages."""

from __future__ import annotations

import mmap
import time
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from core import access, clock
from jobs import running
from lots.rules.refusals import Refused as LotsRefused
from notices import permissions, store
from notices.actions import files, releases
from notices.management.telling import findings_in_lines, lines_of
from notices.queries import files as file_queries
from notices.queries import releases as queries
from notices.rules import contents, tree
from notices.rules.answers import Answer
from notices.rules.errors import BadNotice
from notices.rules.refusals import Refused, Unanswered
from notices.rules.understand import understand
from notices.states import FileKind, FileState

MOST_SHOWN = 20


class Command(BaseCommand):
    """What was understood and what contradicts itself is printed, with its place; progress goes to standard error."""

    help = "Bring a notice in (OCDS in JSON: a release, a release package, a record package)"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="read it, say what was understood, write nothing")
        parser.add_argument("--organisation", default="", metavar="NAME", help="for whom: name or PPON of the buyer")
        parser.add_argument("--as", dest="person", default="", metavar="EMAIL", help="who does it, if not the portal")
        parser.add_argument("--choose", action="append", default=[], metavar="CODE=OPTION")
        parser.add_argument("--reason", action="append", default=[], metavar="CODE=WORDS")
        parser.add_argument("--our-buyer", action="store_true", help="the buyer in the notice is the organisation")

    def handle(self, *, file, dry_run, organisation, person, choose, reason, our_buyer, **options):
        answers = _answers(choose, reason)
        try:
            with Path(file).open("rb") as opened:
                self._understand(opened)
                if dry_run:
                    self.stdout.write("Nothing was written: this was a dry run\n")
                    return
                opened.seek(0)
                held = self._bring_in(File(opened, name=Path(file).name), organisation, person)
        except OSError as error:
            raise CommandError(f"Cannot open {file}: {error.strerror}") from error
        except BadNotice as problem:
            raise CommandError(f"{_with_place(problem)}. Nothing was written") from problem
        frameworks = list(file_queries.all_frameworks_of(held))
        if len(frameworks) == 1:
            self._confirm(frameworks[0], answers, our_buyer, self.by)
        else:
            self._page("notice_file", held.pk, "What was found stands on")

    def _understand(self, opened):
        """Read the file and print what is in it. Raises `BadNotice`."""
        size = opened.seek(0, 2)
        if not size:
            raise BadNotice("The file is empty")
        if size > settings.NOTICE_FILE_MAX_BYTES:
            raise BadNotice(f"The file is larger than {settings.NOTICE_FILE_MAX_BYTES // 1024**2} MB")
        with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as buffer:
            read = contents.read(buffer, progress=self._progress)
            frameworks = [found for found in read.releases if found.is_framework]
            kind = FileKind(read.kind).label
            self._say(f"{kind}: {_releases(len(read.releases))}, of frameworks {len(frameworks):,}")
            self.named = [self._tell(buffer, found) for found in frameworks[:MOST_SHOWN]]
            if not frameworks and len(read.releases) == 1:
                found = read.releases[0]
                whole = tree.read(buffer[found.start : found.end])
                understood = understand(whole)
                for line in (understood.what, *findings_in_lines(whole, understood, today=clock.today())):
                    self._say(line)
        if len(frameworks) > MOST_SHOWN:
            self._say(f"and {len(frameworks) - MOST_SHOWN:,} more")

    def _tell(self, buffer, found):
        """Print a framework and what contradicts itself in it. Returns its buyer, if it could be understood."""
        whole = tree.read(buffer[found.start : found.end])
        try:
            understood = understand(whole)
        except BadNotice as problem:
            self._say(f"\n{found.title} ({found.ocid})\nIt cannot become a framework: {_with_place(problem)}")
            return None
        for line in lines_of(whole, understood, today=clock.today()):
            self._say(line)
        return understood.buyer

    def _bring_in(self, file, organisation, person):
        """The file among those of the organisation, read. A worker may be at it, or we are."""
        buyer = self._buyer(organisation)
        self.by = self._person(person) if person else access.System(permissions.COMMAND)
        kept = store.keep(file)
        try:
            held, is_new = files.receive_file(organisation=buyer, kept=kept, by=self.by, at=clock.now())
        except access.Denied as denied:
            store.forget(kept.stored_as)
            raise CommandError(f"{person} may not bring notices in for {buyer}") from denied
        if not is_new:
            store.forget(kept.stored_as)
            self._say("This file is here already")
        while held.state == FileState.RECEIVED:
            if held.job is None or held.job.is_over:
                raise CommandError(f"The file could not be read: {held.job.problem if held.job else ''}")
            if not running.sweep(seconds=0.1):
                time.sleep(0.5)
            held = file_queries.file_to_read(held.pk)
        if held.state == FileState.REFUSED:
            raise BadNotice(held.problem, held.problem_path)
        self._say(f"Taken in for {buyer}: {_releases(held.releases_count)}")
        return held

    def _buyer(self, named):
        """The organisation that was named, or that the notice names, or the only one that there is."""
        words = [named] if named else [word for one in self.named if one for word in (one.number, one.name) if word]
        found = file_queries.all_buyers(words)
        if not (found or named):
            found = file_queries.all_buyers([])
        if len(found) != 1:
            known = ", ".join(sorted(one.name for one in file_queries.all_buyers([])))
            raise CommandError(f"Say for whom with --organisation: {known}")
        return found[0]

    def _person(self, email):
        person = file_queries.all_people(email)
        if person is None:
            raise CommandError(f"Nobody here has the address {email}")
        return person

    def _confirm(self, release, answers, our_buyer, by):
        if queries.framework_of(release):
            page = "release" if release.is_source else "compare_release"
            self._page(page, release.pk, "The framework is here already. Compare it on")
            return
        try:
            framework = releases.confirm_release(
                release=release, answers=answers, parts={}, is_our_buyer=our_buyer, by=by, at=clock.now()
            )
        except Unanswered as unanswered:
            self._say("\nStill to be answered, here with --choose and --reason, or on the page:")
            for code, words in unanswered.missing.items():
                self._say(f"  {code}: {words}")
            self._page("confirm_release", release.pk, "The page is")
        except (Refused, LotsRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        else:
            self._page("setup_framework", framework.pk, "The framework is made. Go on with it on")

    def _page(self, name, pk, words):
        self._say(f"{words} {settings.BASE_URL}{reverse(name, args=[pk])}")

    def _say(self, words):
        """What comes from a notice may hold signs that a terminal obeys: they are left out."""
        clean = "".join(sign if sign == "\n" or sign.isprintable() else "\ufffd" for sign in words)
        self.stdout.write(clean)

    def _progress(self, done, total, words):
        if done == total or not done % max(1, total // 10):
            self.stderr.write(f"{words} read")


def _answers(choose, reason) -> dict[str, Answer]:
    """`--choose sides=upper --reason sides="…"` → answers by code. Raises CommandError for what has no `=`."""
    options, reasons = {}, {}
    for pairs, into in ((choose, options), (reason, reasons)):
        for pair in pairs:
            code, equals, words = pair.partition("=")
            if not equals:
                raise CommandError(f"{pair}: write CODE=WORDS")
            into[code.strip()] = words.strip()
    return {code: Answer(options.get(code, ""), reasons.get(code, "")) for code in {*options, *reasons}}


def _releases(count: int) -> str:
    return f"{count:,} release{'' if count == 1 else 's'}"


def _with_place(problem) -> str:
    return f"{problem.message} ({problem.path})" if problem.path else problem.message
