"""What each room may hold: read from the code itself, so that a new file is under the rule from its first day."""

from __future__ import annotations

import ast
import sys

import pytest

from tests.house import code

ACTION_FILES = code.files("actions")
ACTIONS = [(path, node) for path in ACTION_FILES for node in code.public_functions(path)]
STEPS = [(path, node) for path in code.files("steps") for node in code.public_functions(path)]

# Actions that somebody who has not signed in may cause, each with the reason.
ANONYMOUS_ACTIONS = {
    "accounts.actions.sign_in.post_letter": "whoever signs up or forgot a password is not signed in",
    "accounts.actions.sign_in.note_failed_sign_in": "somebody tried to come in and could not",
}
# Actions without `select_for_update`: they make something new, or write in one conditional statement.
LOCK_FREE_ACTIONS = {
    "accounts.actions.demo.make_person": "makes a row",
    "accounts.actions.demo.mark_demo": "writes the record alone",
    "accounts.actions.sign_in.post_letter": "makes a row, under a key of its own",
    "accounts.actions.sign_in.note": "writes the record alone",
    "accounts.actions.sign_in.note_failed_sign_in": "writes the record alone",
    "accounts.actions.sign_in.see_session": "one conditional statement",
    "accounts.actions.sign_in.tidy": "deletes what has run out, in single statements",
    "audit.actions.record_read": "adds one event and changes nothing",
    "evaluation.actions.clarifying.want_pages": "one INSERT … ON CONFLICT: what was asked for already stays as it is",
    "monitoring.actions.alarms.nudge": "its step locks the sessions",
    "monitoring.actions.alarms.tell": "its step locks the alerts",
    "monitoring.actions.alarms.write_breaches": "its step locks the sessions: one INSERT … ON CONFLICT for each kind",
    "monitoring.actions.concerns.remove_detail": "one conditional UPDATE",
    "monitoring.actions.listing.note_pupils": "writes the record alone",
    "monitoring.actions.looking.note_live": "writes the record alone",
    "monitoring.actions.purging.purge_registers": "its step locks what it empties",
    "monitoring.actions.reminders.remind": "one INSERT … ON CONFLICT: what another pass wrote is its own",
    "providers.actions.expiry.tell_of_expiry": "one INSERT … ON CONFLICT: what another pass wrote is its own",
    "providers.actions.profiles.place_sites": "one conditional UPDATE",
    "providers.actions.seats.remind_of_seats": "letters under keys of their own",
    "referrals.actions.assurance.remind_of_assurance": "letters under keys of their own",
    "referrals.actions.events.remind_of_decisions": "letters under keys of their own",
    "referrals.actions.sealing.reseal": "its step locks the rows that it seals",
    "monitoring.actions.sealing.reseal": "its step locks the rows that it seals",
    "referrals.actions.feeds.note_today": "writes the record alone",
    "referrals.actions.threshold.judge_threshold": "its step locks the signals that stand",
    "referrals.actions.knowing.note_known": "writes the record alone",
    "referrals.actions.pupils.note_list": "writes the record alone",
    "referrals.actions.sharing.tell_of_sharing": "letters under keys of their own: what was told already stays told",
    "outbox.actions.blank_old_messages": "two conditional UPDATEs; what is over is over",
    "monitoring.actions.effects.hold_places": "its step locks what it changes",
    "monitoring.actions.effects.propose_effects": "makes rows, one for each cause, and lets others lapse at once",
    "monitoring.actions.visits.remind_of_visits": "posts letters under keys of their own",
}
# Actions that record through a step of theirs, or have nothing that a person did to record.
RECORDED_ELSEWHERE = {
    "accounts.actions.sign_in.post_letter": "the row in the outbox says it",
    "accounts.actions.sign_in.see_session": "being there is no act",
    "monitoring.actions.alarms.write_breaches": "its step records each breach for its commissioner",
    "contracts.actions.kpis.add_kpi": "the step that tells the provider says so",
    "contracts.actions.kpis.add_five_kpis": "the same",
    "contracts.actions.kpis.change_kpi": "the same",
    "contracts.actions.kpis.end_kpi": "the same",
    "contracts.actions.signing.sign_contract": "the step that moves it says so",
    "contracts.actions.signing.countersign_contract": "the same",
    "contracts.actions.signing.settle_agreements": "the same, for each",
    "contracts.actions.signing.keep_paper": "the file that was made has its own event",
    "evaluation.actions.letters.keep_letters": "each file that was made has its own event",
    "evaluation.actions.letters.send_letters": "the step that sends them says so",
    "evaluation.actions.clarifying.ask_bidder": "the step that asks says so",
    "evaluation.actions.clarifying.ask_in_moderation": "the same",
    "evaluation.actions.judging.give_out_judging": "the step that gives out says how many (evaluation.steps.allotment)",
    "evaluation.actions.judging.save_judgement": "a draft is no act: that somebody hesitates is nobody else's affair",
    "lots.actions.places.accept_places": "each place has its own event (lots.steps.places.move)",
    "lots.actions.places.end_place": "the same",
    "lots.actions.places.set_price": "the step that adds the row says so",
    "lots.actions.places.commence_places": "one event for each framework on which places began",
    "providers.actions.applications.follow": "the step that makes the row says so",
    "providers.actions.applications.save_part": "each part says under its seal who saved it; nobody else may know",
    "referrals.actions.events.add_change": "the step that tells it says so",
    "referrals.actions.events.tell_seen": "the same",
    "referrals.actions.events.ask_decisions": "each decision has its own event",
    "referrals.actions.events.lapse_decisions": "the same",
    "referrals.actions.deciding.decide_placement": "the step that records it says so",
    "referrals.actions.feeds.note_use": "a program that asks every hour is no act of anybody",
    "referrals.actions.asking.ask_providers": "each enquiry has its own event",
    "referrals.actions.lapsing.lapse": "the same",
    "referrals.actions.lapsing.remind": "the same",
    "referrals.actions.offering.make_offer": "the step that moves the enquiry says so",
    "referrals.actions.offering.decline": "the same",
    "referrals.actions.referrals.close_referral": "the step that closes it says so",
    "referrals.actions.amending.amend_week": "the step that writes the amendment says so",
    "referrals.actions.amending.extend_placement": "the same",
    "referrals.actions.amending.lower_price": "the same",
    "referrals.actions.own_dates.add_dated_session": "the same",
    "referrals.actions.own_dates.remove_dated_session": "the same",
    "referrals.actions.ending.end_placement": "the same, and the step that ends it",
    "referrals.actions.ending.keep_up": "each step that it takes says so",
    "referrals.actions.pausing.pause_placement": "the step that moves it says so",
    "referrals.actions.pausing.resume_placement": "the same",
    "referrals.actions.placing.place_pupil": "the step that writes it down says so",
    "referrals.actions.placing.cancel_placement": "the step that moves it says so",
    "referrals.actions.quotes.place_by_quote": "the step that writes it down says so",
    "referrals.actions.threshold.judge_threshold": "the step that judges says so",
    "referrals.actions.pupils.add_pupil": "the step that adds says so, of one as of many",
    "audit.actions.seal": "the seal is the record; an event of each sealing would need the next seal, for ever",
}


def ids(pairs):
    return [f"{code.name_of(path)}:{node.name}" for path, node in pairs]


def action_name(path, node) -> str:
    return f"{code.name_of(path).removesuffix('.py').replace('/', '.')}.{node.name}"


@pytest.mark.parametrize(("path", "node"), ACTIONS, ids=ids(ACTIONS))
class TestEveryAction:
    """One verb, one outermost transaction, one record."""

    def test_takes_keywords_only_and_says_who_and_when(self, path, node):
        """Where a deadline hangs on the moment, the action asks the database's clock for it, and nobody hands it in."""
        assert node.args.args == []
        given = {argument.arg for argument in node.args.kwonlyargs}
        assert "by" in given
        assert ("at" in given) != ("clock.database_now" in code.calls(node))

    def test_is_the_outermost_transaction(self, path, node):
        assert "transaction.atomic(durable=True)" in [ast.unparse(decorator) for decorator in node.decorator_list]

    def test_asks_whether_they_may(self, path, node):
        assert "access.require" in code.calls(node)

    def test_records_what_was_done(self, path, node):
        if action_name(path, node) not in RECORDED_ELSEWHERE:
            assert "audit.record" in code.calls(node)

    def test_locks_the_row_that_it_changes(self, path, node):
        locks = {call for call in code.calls(node) if call.endswith(("select_for_update", ".locked", "_locked"))}
        assert bool(locks) != (action_name(path, node) in LOCK_FREE_ACTIONS)

    def test_calls_no_other_action(self, path, node):
        verbs = {other.name for _, other in ACTIONS} - {node.name}
        called = {call.rpartition(".")[2] for call in code.calls(node) if "." not in call or "actions" in call}
        assert called & verbs == set()

    def test_sees_no_request(self, path, node):
        assert "request" not in {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}

    def test_says_what_it_does(self, path, node):
        assert ast.get_docstring(node)


def test_no_action_file_imports_another():
    for path in ACTION_FILES:
        assert [module for module in code.imported_modules(path) if ".actions" in module] == []


def test_anonymous_actions_are_those_on_the_list():
    found = {
        action_name(path, node)
        for path, node in ACTIONS
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "access.require"
        and any(word.arg == "anonymous" for word in call.keywords)
    }
    assert found == set(ANONYMOUS_ACTIONS)


@pytest.mark.parametrize(("path", "node"), STEPS, ids=ids(STEPS))
def test_every_step_refuses_to_run_outside_a_transaction(path, node):
    assert "step" in [ast.unparse(decorator) for decorator in node.decorator_list]


@pytest.mark.parametrize("path", code.files("views"), ids=code.name_of)
def test_no_view_reaches_past_its_door(path):
    """No `.objects`, no `.save(`: a view gets what its guard loaded, reads queries, calls one action."""
    attributes = {node.attr for node in ast.walk(code.tree(path)) if isinstance(node, ast.Attribute)}
    assert attributes & {"objects", "save", "delete", "update", "create", "bulk_create"} == set()


@pytest.mark.parametrize("path", code.files("rules"), ids=code.name_of)
def test_rules_import_nothing_that_could_query_or_read_a_clock(path):
    ours = {"core.calendars", "core.money", "core.text", "core.data"}
    if code.FLOORS.index(path.relative_to(code.ROOT).parts[0]) > code.FLOORS.index("lots"):
        # What a framework is, as plain facts with its fixed words and the law of s.49, is said once, in `lots`.
        ours |= {"lots.rules", "lots.states"}
        # How a register spells its numbers is said once too, where organisations are.
        ours |= {"accounts.rules.identifiers"}
    if path.relative_to(code.ROOT).parts[0] == "monitoring":
        # On which days a pupil is expected, and what names nobody, is said once, where placements are; what a KPI asks,
        # where agreements are.
        ours |= {"referrals.rules", "referrals.states", "contracts.rules", "contracts.states"}
    for module in code.imported_modules(path):
        top = module.partition(".")[0]
        same_app = top == path.relative_to(code.ROOT).parts[0] and module.split(".")[1] in {"rules", "states"}
        known = top in sys.stdlib_module_names or top in {"stdnum", "regex", "rapidfuzz", "icalendar"}
        assert known or same_app or any(module.startswith(name) for name in ours), module
    assert {"datetime.now", "dt.datetime.now", "date.today", "dt.date.today", "time.time"} & code.calls(
        code.tree(path)
    ) == set()


@pytest.mark.parametrize("path", code.all_files(), ids=code.name_of)
def test_no_file_is_longer_than_a_person_reads_at_once(path):
    longest = 500 if code.name_of(path) == "apframework/settings.py" else 330
    assert len(path.read_text().splitlines()) <= longest


@pytest.mark.parametrize("path", code.all_files(), ids=code.name_of)
def test_every_file_says_what_it_is_for(path):
    if path.read_text().strip() and path.name not in {"apps.py", "__init__.py"}:
        assert ast.get_docstring(code.tree(path))


def test_no_model_saves_itself_in_a_way_of_its_own():
    for path in code.files("models"):
        methods = {node.name for node in ast.walk(code.tree(path)) if isinstance(node, ast.FunctionDef)}
        assert "save" not in methods


def test_nobody_listens_to_signals_between_our_apps():
    """Receivers for third-party signals stand in accounts/receivers.py; app configs may connect post_migrate."""
    for path in code.all_files():
        listens = {"receiver", "django.dispatch.receiver"} & {
            ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
            for node in ast.walk(code.tree(path))
            if isinstance(node, ast.FunctionDef)
            for decorator in node.decorator_list
        }
        assert not listens or code.name_of(path) == "accounts/receivers.py"
