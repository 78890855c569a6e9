"""Making the letters of an award, beside WeasyPrint alone on the same HTML. The budget is 1.2 times that, spread over
the workers: on PostgreSQL both sides are also measured with two processes at once."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable

from django.db import connections, transaction
from weasyprint import HTML

from contracts.models import Contract
from core import pdf
from evaluation.models import Evaluation, Judgement, Letter, Settled
from evaluation.queries.letters import all_set_of
from evaluation.states import Outcome, Settlement
from evaluation.steps import letters as steps
from evaluation.work import letters as work
from jobs import running
from lots.models import Standard, Theme
from tests.evaluation.letters import awarded
from tests.evaluation.made import DAY, bids_of, evaluation
from tests.providers.bids import held, open_framework

REASON = "The policy was reviewed in March, names who leads, and says what staff do in the first hour. " * 2
WORKERS = 2


def make_letters(world, number: int, tell: Callable[[str], None], kept: list) -> None:
    """So many letters, half of them summaries of 21 standards with the reasons of two people, half award letters. The
    agreements that the same jobs make are made beforehand: they are no letters."""
    made = _judged(world, number // 2)
    award_set = awarded(world, made)
    Contract.objects.update(file=_any_file(made))
    pages = _pages(award_set)
    _bare(pages[:4])
    alone = _cost(lambda: _bare(pages))
    ours = _cost(_work)
    tell(_line("letters by the job, one worker", number, ours, alone, kept))
    if connections["default"].vendor == "postgresql":
        _again(award_set)
        alone = _cost(lambda: _at_once([lambda part=part: _bare(part) for part in _halves(pages)]))
        ours = _cost(lambda: _at_once([_work] * WORKERS))
        tell(_line(f"letters by the jobs, {WORKERS} workers", number, ours, alone, kept))
    left = Letter.objects.filter(award_set=award_set, sent_at=None).count()
    tell(f"  letters not sent: {left}")


def _judged(world, bids: int) -> Evaluation:
    """An evaluation with 21 standards in three parts, everything judged twice and settled."""
    closes_at = work.clock.now() - DAY
    framework = open_framework(world, closes_at=closes_at, enquiries_until=closes_at - DAY)
    version = framework.standards
    for part in (2, 3):
        theme = Theme.objects.create(version=version, number=str(part), title=f"Part {part}", position=part)
        for n in range(1, 11 if part == 2 else 10):
            Standard.objects.create(theme=theme, number=f"{part}.{n}", title=f"Standard {part}.{n}", position=n)
    made = evaluation(world, count=bids, prices=[4000, 4200, 4500], framework=framework, read=False, lots=("1", "2"))
    at, rows = made.fixed_at + DAY / 4, [(bid, one) for bid in bids_of(made) for one in _standards(framework)]
    Judgement.objects.bulk_create(
        Judgement(
            bid=bid, standard=one, person=world.people[name], number=number, slot="blind", position=place,
            outcome=Outcome.PASS, reason=f"{name}: {REASON}", saved_at=at, locked_at=at,
        )
        for place, (bid, one) in enumerate(rows)
        for number, name in enumerate(("eve", "tom"), start=1)
    )  # fmt: skip
    Settled.objects.bulk_create(
        Settled(bid=bid, standard=one, outcome=Outcome.PASS, how=Settlement.AGREED, at=at) for bid, one in rows
    )
    return made


def _standards(framework) -> list[Standard]:
    return list(Standard.objects.filter(theme__version__framework=framework).order_by("theme__position", "position"))


def _any_file(made: Evaluation):
    """Some file's key, so that agreements count as made."""
    return held(bids_of(made)[0].provider).file_id


def _pages(award_set) -> list[str]:
    """The HTML of every letter."""
    rows = list(Letter.objects.filter(award_set=award_set).select_related("bid__provider", "bid__submission"))
    share, html, whole = work.Share(all_set_of(rows[0].pk), rows), [], pdf.render_to_string

    def keep(template, context):
        html.append(whole(template, context))
        raise _Enough

    pdf.render_to_string = keep
    try:
        for letter in rows:
            try:
                share.paper(letter)
            except _Enough:
                continue
    finally:
        pdf.render_to_string = whole
    return html


class _Enough(Exception):
    """The HTML is there; no PDF is wanted."""


def _bare(pages: list[str]) -> None:
    fetch = pdf._fetcher({})
    for html in pages:
        HTML(string=html, base_url="asset:///", url_fetcher=fetch).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)


def _again(award_set) -> None:
    """As if nothing had been made."""
    Letter.objects.filter(award_set=award_set).update(file=None, made_at=None, sent_at=None)
    with transaction.atomic():
        steps.make(award_set=award_set, by=award_set.decided_by, at=work.clock.now())


def _halves(pages: list[str]) -> list[list[str]]:
    return [pages[start::WORKERS] for start in range(WORKERS)]


def _at_once(calls: list[Callable]) -> None:
    """Each in a process of its own, with a connection of its own."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=call) for call in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("A worker broke")


def _work() -> None:
    """What a worker does, until nothing is left that nobody is at."""
    while running.sweep():
        continue


def _cost(call: Callable) -> tuple[float, float]:
    """Seconds by the wall, and seconds of processors, those of other processes that have ended included."""
    wall, before = time.perf_counter(), os.times()
    call()
    after = os.times()
    return time.perf_counter() - wall, sum(after[:4]) - sum(before[:4])


def _line(what: str, number: int, ours, alone, kept: list) -> str:
    (wall, processor), (bare_wall, bare) = ours, alone
    figures = {"wall_s": wall, "processor_s": processor, "bare_wall_s": bare_wall, "bare_processor_s": bare}
    kept.append({"work": what, "number": number} | {name: round(value, 3) for name, value in figures.items()})
    ratio = f"{processor / bare:>6.2f} in processor seconds, {wall / bare_wall:.2f} by the wall"
    return f"{what:<44}{number:>9,}{wall:>9.2f} s{bare_wall:>9.2f} s bare  {ratio}"
