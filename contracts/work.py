"""Making the papers of agreements, as a job and from whatever app sends them out. A messenger: it renders a record that
does not change, and calls one action."""

from __future__ import annotations

from contracts import permissions, queries
from contracts.actions import signing as actions
from contracts.models import Contract
from core import clock, pdf
from core.access import System
from files import store

MAKER = System(permissions.PAPERS)


def rendered(contract: Contract) -> bytes:
    """The agreement as a PDF, with whoever has signed it: the same record gives the same bytes."""
    at = contract.countersigned_at or contract.signed_at or contract.offered_at
    return pdf.render("pdf/agreement.html", {"contract": contract, "agreed": queries.document_of(contract)}, at=at)


def name_of(contract: Contract) -> str:
    """What the paper is called."""
    return f"agreement-{contract.reference}.pdf"


def make_paper(contract: Contract) -> bool:
    """Make and keep the paper of an agreement that has none. False where another worker has, or it has gone on."""
    kept = store.keep_made(name_of(contract), rendered(contract))
    is_kept = False
    try:
        is_kept = actions.keep_paper(contract=contract, kept=kept, state=contract.state, by=MAKER, at=clock.now())
    finally:
        if not is_kept:
            store.forget(kept)
    return is_kept


def paper(job, progress) -> str:
    """The job: one agreement that was signed. Twice is harmless."""
    contract = queries.all_papers(pks=[job.about_id]).first()
    if contract:
        make_paper(contract)
    return "The signed copy is ready."
