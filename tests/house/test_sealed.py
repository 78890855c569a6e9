"""Who may decrypt, read from the code itself: the provider's own read of its bid, the recorded opening, the panel's
read of a bid after it (`evaluation.queries.documents`, through what its queryset shows and without prices), the look
for connected bidders when prices are opened, and the making and bringing back of a framework's key. Whoever adds a line
here answers for it (docs/adr/0022)."""

from __future__ import annotations

import ast

from django.conf import settings

from accounts.models import User
from providers import words
from tests.audit.test_words import recorded
from tests.house import code

# The functions of sealing that give something back in the clear: where each is called, by the function around it.
CLEAR = {
    "unseal_for": {
        "providers.queries.bids.own_bid",
        "providers.queries.bids.own_submission",
        "evaluation.queries.documents.document_of",
    },
    "unseal_each": {"providers.steps.opening._read", "evaluation.queries.connected._documents"},
    "key_of": {
        "lots.queries.sealing.seal_for",
        "lots.queries.sealing.unseal_for",
        "lots.queries.sealing.unseal_each",
        "lots.steps.recovery.wrap_first",
        "lots.steps.recovery.check_same",
    },
    "key_in": {
        "lots.queries.sealing.key_of",
        "lots.queries.sealing.has_key",
        "lots.actions.seal_keys.rewrap_keys",
    },
    # What is sealed of a pupil. Pages that show any of it carry `audit.reads` (tests/referrals/test_canaries.py).
    "private_of": {
        "referrals.actions.moves._take",
        "referrals.actions.referrals.start_referral",
        "referrals.demo.story.checked",
        "referrals.queries.assurance.begun",
        "referrals.queries.census.line_of",
        "referrals.queries.known.known",
        "referrals.queries.papers.parent_letter",
        "referrals.queries.pupils.who_of",
        "referrals.queries.referrals.names_of",
        "referrals.queries.referrals.need_of",
        "referrals.work.direction.notice",
    },
    "unseal_with": {"lots.queries.sealing.unseal_for", "lots.queries.sealing._plain", "lots.steps.recovery._opened"},
}
# Who asks for an own bid or for a frozen one has proved who asks: both functions refuse everybody but its leads.
ASK = {"own_bid", "own_submission"}
# Columns that hold something sealed for a bid: nobody but these files names them.
COLUMNS = {
    "draft_sealed": {
        "providers/data.py",
        "providers/models/applications.py",
        "providers/queries/bids.py",
        "providers/steps/drafts.py",
    },
}
# What is no secret of a provider's: who it is, what anybody or its buyer may read, what the round itself does.
OPEN = (
    "providers.accreditation.",
    "providers.answer.",
    "providers.deadline.",
    "providers.expiry.",
    "providers.insurance.",
    "providers.profile.",
    "providers.round.opened",
    "providers.seats.",
    "providers.site.",
    "providers.sites.",
    "providers.withdrawal.told",
)


def mentions(name: str) -> set[str]:
    """Where a function is named at all, but for its definition and imports: called, passed on, or put away."""
    found = set()
    for path in code.all_files():
        module = code.name_of(path).removesuffix(".py").replace("/", ".")
        for node in code.tree(path).body:
            around = getattr(node, "name", "")
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name | ast.Attribute) and name in {
                    getattr(inner, "id", None),
                    getattr(inner, "attr", None),
                }:
                    found.add(f"{module}.{around}")
    return found


def test_only_those_on_the_list_decrypt():
    assert {name: mentions(name) for name in CLEAR} == CLEAR


def test_nobody_imports_them_under_another_name():
    renamed = [
        (code.name_of(path), ast.unparse(node))
        for path in code.all_files()
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name in {*CLEAR, *ASK} and alias.asname
    ]

    assert renamed == []


def test_a_bid_is_asked_for_by_its_own_providers_pages_alone():
    """By queries, views and actions of `providers`, which name the person who asks; by no other app and no task."""
    rooms = {tuple(place.split(".")[:2]) for name in ASK for place in mentions(name)}

    assert {app for app, _ in rooms} == {"providers"}
    assert {room for _, room in rooms} <= {"queries", "views", "actions", "demo"}


def test_nobody_else_names_a_sealed_column():
    for column, files in COLUMNS.items():
        named = {code.name_of(path) for path in code.all_files() if column in path.read_text()}
        assert named == files


def test_there_is_no_admin_of_django_and_nobody_is_its_superuser():
    """Else every row would have a page that no door of ours stands before."""
    powers = {"is_superuser", "is_staff"} & {field.name for field in User._meta.get_fields()}

    assert [app for app in settings.INSTALLED_APPS if app.startswith("django.contrib.admin")] == []
    assert powers == set()


def test_everything_that_providers_do_is_its_own_affair_or_on_the_list_of_what_is_not():
    known = set(words.WORDS) | {action for action in recorded() if action.startswith("providers.")}

    assert {action for action in known if action.startswith(words.OWN) == action.startswith(OPEN)} == set()
