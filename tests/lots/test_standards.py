"""Quality standards: the national ones, versions, copies, what changed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Event
from core import access
from lots import national as loading
from lots.actions import standards as actions
from lots.models import Applies, Standard, StandardSet, StandardsVersion, Theme
from lots.queries.standards import text_of
from lots.rules import standards as rules
from lots.rules.dfe_standards import NAME, NATIONAL
from lots.rules.refusals import Refused
from lots.rules.standards import AppliesText, Change, EvidenceText, StandardText, ThemeText, VersionText
from lots.states import AppliesTo, EvidenceKind
from lots.steps.standards import copy_standards
from tests.frameworks import make_framework
from tests.standards import national, own

NOW = timezone.now


class TestTheNationalStandards:
    """Four parts, 21 standards, of which the first part has six; five daily measures."""

    def test_have_the_numbers_of_the_published_ones(self):
        assert [len(theme.standards) for theme in NATIONAL.themes] == [6, 5, 6, 4]
        assert len(list(NATIONAL.standards())) == 21
        assert [standard.number for standard in NATIONAL.themes[0].standards] == [f"1.{n}" for n in range(1, 7)]
        rules.check_can_fix(NATIONAL)

    def test_feed_all_five_daily_measures_many_to_many(self):
        fed = Counter(measure for _, standard in NATIONAL.standards() for measure in standard.measures)

        assert set(fed) == set(NATIONAL.kpi_themes)
        assert len(NATIONAL.kpi_themes) == 5
        assert any(len(standard.measures) > 1 for _, standard in NATIONAL.standards())
        assert all(standard.measures for _, standard in NATIONAL.standards())

    def test_use_every_kind_of_evidence_and_every_rule_of_who_is_asked(self):
        kinds = {shown.kind for _, standard in NATIONAL.standards() for shown in standard.evidence}
        asked = {rule.to for _, standard in NATIONAL.standards() for rule in standard.applies}

        assert kinds == set(EvidenceKind)
        assert asked == set(AppliesTo)
        for _, standard in NATIONAL.standards():
            for shown in standard.evidence:
                rules.check_evidence(shown.kind, shown.months, shown.on_expiry)

    def test_stop_a_place_when_the_insurance_runs_out_and_ask_no_fire_drill_online(self):
        found = {standard.number: standard for _, standard in NATIONAL.standards()}

        assert found["2.4"].evidence[0].on_expiry == "suspend"
        assert AppliesText("online_only", "not_asked") in found["2.5"].applies

    def test_are_on_every_deployment_and_written_once(self, db):
        assert text_of(national()) == NATIONAL
        loading.install()
        assert StandardSet.objects.filter(owner=None, name=NAME).count() == 1
        assert StandardsVersion.objects.count() == 1
        assert national().fixed_at is not None

    def test_are_left_alone_in_a_database_without_their_tables(self, db, monkeypatch):
        StandardSet.objects.all()
        monkeypatch.setattr(Applies._meta, "db_table", "no_such_table")
        loading.install()
        loading.install("another")


def two() -> VersionText:
    shown = (EvidenceText("file", "A policy"),)
    return VersionText(
        ("Safeguarding",),
        (
            ThemeText("1", "Safety", (StandardText("1.1", "Doors", evidence=shown),)),
            ThemeText("2", "Learning", (StandardText("2.1", "Lessons", "Planned", evidence=shown),)),
        ),
    )


SAFETY, LEARNING = two().themes


def with_first(**changes) -> VersionText:
    version = two()
    theme = version.themes[0]
    return replace(
        version, themes=(replace(theme, standards=(replace(theme.standards[0], **changes),)), *version.themes[1:])
    )


@pytest.mark.parametrize(
    ("after", "changes"),
    [
        (two(), ()),
        (with_first(title="Gates"), (Change("1.1 Gates", "Title", "Doors", "Gates"),)),
        (with_first(number="1.2"), (Change("1.2 Doors", "Number", "1.1", "1.2"),)),
        (with_first(safeguarding=True), (Change("1.1 Doors", "About safeguarding", "No", "Yes"),)),
        (with_first(measures=("Safeguarding",)), (Change("1.1 Doors", "Daily measures", "", "Safeguarding"),)),
        (
            with_first(evidence=(EvidenceText("certificate", "A policy", 12, "warn", False),)),
            (
                Change(
                    "1.1 Doors",
                    "What providers show",
                    "A policy (a file)",
                    "A policy (a certificate with a date, counts for 12 months, when it runs out: the provider and the "
                    "buyer are warned, if there is any)",
                ),
            ),
        ),
        (
            with_first(
                applies=(
                    AppliesText("online_only", "not_asked"),
                    AppliesText("sole_tutor", "other_evidence", "A letter"),
                )
            ),
            (
                Change(
                    "1.1 Doors",
                    "Asked otherwise",
                    "",
                    "Providers that teach online only: not asked\n"
                    "Tutors who work alone: other evidence is taken instead (A letter)",
                ),
            ),
        ),
        (
            replace(two(), kpi_themes=("Safeguarding", "Outcomes")),
            (Change("Daily measures", "Changed", "Safeguarding", "Safeguarding\nOutcomes"),),
        ),
        (
            replace(two(), themes=two().themes[:1]),
            (
                Change("Parts", "Changed", "1 Safety\n2 Learning", "1 Safety"),
                Change("2.1 Lessons", "Removed", "Part 2\nPlanned\nA policy (a file)"),
            ),
        ),
        (
            replace(
                two(),
                themes=(
                    replace(SAFETY, standards=(*SAFETY.standards, StandardText("1.2", "Windows"))),
                    LEARNING,
                ),
            ),
            (Change("1.2 Windows", "Added", "", "Part 1\n"),),
        ),
        (
            replace(
                two(),
                themes=(
                    replace(SAFETY, standards=()),
                    replace(LEARNING, standards=(*SAFETY.standards, *LEARNING.standards)),
                ),
            ),
            (Change("1.1 Doors", "Part", "1", "2"),),
        ),
    ],
    ids=[
        "nothing",
        "title",
        "number",
        "safeguarding",
        "measures",
        "evidence",
        "applies",
        "names",
        "removed",
        "added",
        "moved",
    ],
)
def test_what_changed_from_one_version_to_the_next(after, changes):
    assert rules.differences(two(), after) == changes


@pytest.mark.parametrize(
    ("version", "message"),
    [
        (VersionText(), "at least one standard"),
        (with_first(evidence=()), "Say what providers show for 1.1"),
        (replace(two(), themes=(*two().themes, ThemeText("3", "Empty"))), "Part 3 has no standards"),
    ],
)
def test_a_version_is_made_final_only_when_it_asks_for_something(version, message):
    with pytest.raises(Refused, match=message):
        rules.check_can_fix(version)


@pytest.mark.parametrize(
    ("kind", "months", "on_expiry", "taken"),
    [
        ("certificate", 12, "suspend", True),
        ("certificate", None, "hold", True),
        ("file", None, "nothing", True),
        ("file", 12, "nothing", False),
        ("declaration", None, "warn", False),
    ],
)
def test_only_a_certificate_runs_out(kind, months, on_expiry, taken):
    if taken:
        rules.check_evidence(kind, months, on_expiry)
        return
    with pytest.raises(Refused, match="Only a certificate runs out"):
        rules.check_evidence(kind, months, on_expiry)


@pytest.mark.parametrize(
    ("numbers", "sorted_"),
    [
        (["1.10", "1.2", "1.1"], ["1.1", "1.2", "1.10"]),
        (["A", "10", "2", "b"], ["2", "10", "A", "b"]),
        (["2.b", "2.a", "2"], ["2", "2.a", "2.b"]),
        (["²", "1", "…"], ["1", "²", "…"]),
    ],
)
def test_numbers_stand_in_the_order_in_which_people_read_them(numbers, sorted_):
    assert sorted(numbers, key=rules.in_order) == sorted_


def test_the_database_refuses_two_unfinished_versions_and_a_copy_that_could_change(world):
    version = own(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardsVersion.objects.create(standard_set=version.standard_set, number=2, made_at=NOW())
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardsVersion.objects.create(
            standard_set=version.standard_set, number=1, made_at=NOW(), framework=make_framework(world)
        )


class TestACopy:
    """What a framework takes over is whole, and never changes."""

    def copy(self, world, version=None):
        framework = make_framework(world)
        with transaction.atomic():
            return copy_standards(version=version or national(), framework=framework, by=world.max, at=NOW())

    def test_says_the_same_and_is_final(self, world):
        made = self.copy(world)

        assert text_of(made) == NATIONAL
        assert (made.copied_from, made.fixed_by, made.number) == (national(), world.max, 1)
        event = Event.objects.get(action="lots.standards.copied")
        assert event.data == {"framework": made.framework_id, "version": national().pk}

    def test_is_made_by_the_portal_too(self, world):
        framework = make_framework(world)
        with transaction.atomic():
            made = copy_standards(version=national(), framework=framework, by=access.System("lots.demo"), at=NOW())
        assert made.made_by is None

    def test_is_not_made_of_a_version_that_is_being_written_nor_of_another_copy(self, world):
        with pytest.raises(Refused, match="still being written"):
            self.copy(world, own(world))
        with pytest.raises(Refused, match="not the copy of another framework"):
            self.copy(world, self.copy(world))

    def test_is_changed_by_nobody(self, world):
        made = self.copy(world)
        StandardSet.objects.filter(pk=made.standard_set_id).update(owner=world.larkshire)

        with pytest.raises(Refused, match="belong to a framework"):
            actions.fix_version(version=made, note="", by=world.max, at=NOW())
        with pytest.raises(Refused, match="belong to a framework"):
            actions.discard_version(version=made, by=world.max, at=NOW())

    def test_stays_as_it_is_when_its_set_goes_on(self, world):
        version = own(world, fixed=True)
        made = self.copy(world, version)
        later = actions.begin_version(standard_set=version.standard_set, by=world.max, at=NOW())
        Standard.objects.filter(theme__version=later).update(title="Something else")

        assert text_of(made) == NATIONAL


class TestVersions:
    """Begun, fixed, discarded, one after the other."""

    def test_the_next_one_starts_as_a_copy_of_the_last(self, world):
        first = own(world, fixed=True)

        second = actions.begin_version(standard_set=first.standard_set, by=world.max, at=NOW())

        assert (second.number, second.copied_from, second.fixed_at) == (2, first, None)
        assert text_of(second) == text_of(first)
        with pytest.raises(Refused, match="being written already"):
            actions.begin_version(standard_set=first.standard_set, by=world.max, at=NOW())

    def test_a_set_whose_only_version_was_discarded_is_gone(self, world):
        version = own(world)
        actions.discard_version(version=version, by=world.max, at=NOW())

        assert StandardSet.objects.filter(owner=world.larkshire).count() == 0
        assert Theme.objects.filter(version_id=version.pk).count() == 0

    def test_discarding_the_second_leaves_the_first(self, world):
        first = own(world, fixed=True)
        second = actions.begin_version(standard_set=first.standard_set, by=world.max, at=NOW())
        actions.discard_version(version=second, by=world.max, at=NOW())

        assert list(first.standard_set.versions.all()) == [first]
        with pytest.raises(Refused, match="final and cannot change"):
            actions.discard_version(version=first, by=world.max, at=NOW())

    def test_a_set_without_versions_begins_with_an_empty_one(self, world):
        bare = StandardSet.objects.create(owner=world.larkshire, name="Bare")
        assert actions.begin_version(standard_set=bare, by=world.max, at=NOW()).number == 1

    def test_two_sets_of_one_owner_have_two_names(self, world):
        own(world)
        with pytest.raises(Refused, match="already a set of standards called “larkshire standards”"):
            actions.adopt_standards(
                version=national(), organisation=world.larkshire, name="larkshire standards", by=world.max, at=NOW()
            )

    def test_what_is_being_written_is_not_copied(self, world):
        with pytest.raises(Refused, match="copied once it is final"):
            actions.adopt_standards(
                version=own(world), organisation=world.larkshire, name="Second", by=world.max, at=NOW()
            )

    @pytest.mark.parametrize("who", ["ada", "alice", "tariq", "ines"])
    def test_nobody_else_copies_or_changes_them_for_larkshire(self, world, who):
        by, version = getattr(world, who), own(world)
        for attempt in (
            lambda: actions.adopt_standards(
                version=national(), organisation=world.larkshire, name="X", by=by, at=NOW()
            ),
            lambda: actions.begin_version(standard_set=version.standard_set, by=by, at=NOW()),
            lambda: actions.fix_version(version=version, note="", by=by, at=NOW()),
            lambda: actions.discard_version(version=version, by=by, at=NOW()),
            lambda: actions.begin_version(standard_set=national().standard_set, by=by, at=NOW()),
        ):
            with pytest.raises(access.Denied):
                attempt()

    def test_operators_write_the_national_ones_and_nobody_elses(self, world):
        made = actions.begin_version(standard_set=national().standard_set, by=world.olu, at=NOW())
        assert made.number == 2
        with pytest.raises(access.Denied):
            actions.begin_version(standard_set=own(world).standard_set, by=world.olu, at=NOW())


class TestChoosing:
    """Which version a framework takes over."""

    def choose(self, world, version, *, by=None, **fields):
        return actions.choose_standards(
            framework=make_framework(world, **fields), version=version, by=by or world.max, at=NOW()
        )

    def test_national_or_own(self, world):
        assert self.choose(world, national()).standards_chosen == national()
        mine = own(world, fixed=True)
        assert self.choose(world, mine).standards_chosen == mine

    @pytest.mark.parametrize(
        ("which", "message"),
        [("unfixed", "still being written"), ("theirs", "some of your own"), ("copy", "not the copy of another")],
    )
    def test_nothing_else(self, world, which, message):
        version = own(world, fixed=which != "unfixed")
        if which == "theirs":
            StandardSet.objects.filter(pk=version.standard_set_id).update(owner=world.mereshire)
        if which == "copy":
            with transaction.atomic():
                version = copy_standards(version=version, framework=make_framework(world), by=world.max, at=NOW())
        with pytest.raises(Refused, match=message):
            self.choose(world, version)

    def test_not_after_publication(self, world):
        with pytest.raises(Refused, match="published"):
            self.choose(world, national(), published=True)

    def test_not_by_others(self, world):
        with pytest.raises(access.Denied):
            self.choose(world, national(), by=world.ada)
