"""Standards as Max reads, copies and changes them, and as anybody reads them."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from core import access
from lots.actions import standard_parts as parts
from lots.actions import standards as actions
from lots.models import Framework, Standard, StandardsVersion, Theme
from lots.queries.standards import text_of
from lots.rules.refusals import Refused
from lots.rules.standards import AppliesText
from lots.steps.standards import copy_standards
from tests.frameworks import make_framework
from tests.standards import national, own

NOW = timezone.now
STANDARD = {
    "number": "1.7", "title": "Doors close", "good_looks_like": "They do.", "safeguarding": "yes",
    "online_only_how": "not_asked", "online_only_instead": "", "sole_tutor_how": "other_evidence",
    "sole_tutor_instead": "A letter", "registered_school_how": "", "registered_school_instead": "",
}  # fmt: skip
EVIDENCE = {"kind": "certificate", "title": "Lock test", "months": "12", "on_expiry": "warn", "required": "yes"}


def at(name, *args):
    return reverse(name, args=[getattr(arg, "pk", arg) for arg in args])


def test_somebody_who_has_not_signed_in_reads_the_national_standards_and_no_own_ones(world):
    client = Client()

    assert "National standards" in client.get(at("standard_sets")).content.decode()
    assert "Version 1" in client.get(at("standard_set", national().standard_set_id)).content.decode()
    text = client.get(at("standards_version", national())).content.decode()
    assert "21 standards in 4 parts" in text
    assert "2.4 Insurance that covers what is done" in text
    assert "when it runs out: the place is suspended" in text
    assert "There is no earlier version" in client.get(at("standards_changes", national())).content.decode()
    assert client.get(at("standards_version", own(world))).status_code == 404


def test_the_copy_of_a_published_framework_is_public_and_of_one_being_set_up_is_not(world):
    shown, hidden = make_framework(world, published=True), make_framework(world)
    with transaction.atomic():
        public, inside = (
            copy_standards(version=national(), framework=framework, by=world.max, at=NOW())
            for framework in (shown, hidden)
        )

    listed = Client().get(at("standard_sets")).context["sets"]
    assert [(row.owner, row.number_of_versions) for row in listed] == [(None, 1)]
    link = at("standards_version", public)
    assert link in Client().get(at("framework", shown)).content.decode()
    page = Client().get(link).content.decode()
    assert "These are the standards of the framework" in page
    assert Client().get(at("standards_version", inside)).status_code == 404


def test_max_copies_the_standards_changes_them_and_makes_them_final(world, sign_in):
    client = sign_in(world.max)
    client.post(at("adopt_standards", national()), {"organisation": world.larkshire.pk, "name": "Larkshire standards"})
    version = StandardsVersion.objects.get(standard_set__owner=world.larkshire)
    theme = version.themes.first()

    client.post(at("add_theme", version), {"number": "5", "title": "Ours"})
    client.post(at("add_measure", version), {"name": "Joy"})
    joy = version.kpi_themes.get(name="Joy")
    client.post(at("add_standard", theme), STANDARD | {"measures": [joy.pk]})
    made = Standard.objects.get(theme=theme, number="1.7")
    client.post(at("add_evidence", made), EVIDENCE)
    client.post(at("remove_theme", version.themes.get(number="5")))
    client.post(at("fix_standards", version), {"note": "Doors"})

    version.refresh_from_db()
    assert (version.note, version.fixed_by) == ("Doors", world.max)
    text = {standard.number: standard for _, standard in text_of(version).standards()}["1.7"]
    assert text.measures == ("Joy",)
    assert text.applies == (
        AppliesText("online_only", "not_asked"),
        AppliesText("sole_tutor", "other_evidence", "A letter"),
    )
    assert [(shown.title, shown.months, shown.on_expiry) for shown in text.evidence] == [("Lock test", 12, "warn")]
    changes = client.get(at("standards_changes", version)).content.decode()
    assert "1.7 Doors close" in changes
    assert "Joy" in changes
    did = Event.objects.filter(action="lots.standards.changed").order_by("id").values_list("data", flat=True)
    assert [(data["did"], data["what"], data["label"]) for data in did] == [
        ("added", "part", "5 Ours"),
        ("added", "measure", "Joy"),
        ("added", "standard", "1.7 Doors close"),
        ("added", "evidence", "1.7 Lock test"),
        ("removed", "theme", "5 Ours"),
    ]


def test_max_changes_what_is_there(world, sign_in):
    client, version = sign_in(world.max), own(world)
    theme = version.themes.first()
    standard = theme.standards.first()
    shown, measure = standard.evidence.first(), version.kpi_themes.first()

    client.post(at("change_theme", theme), {"number": "9", "title": "Safe"})
    client.post(at("change_measure", measure), {"name": "Safe and well"})
    client.post(at("change_standard", standard), STANDARD | {"number": "1.10", "safeguarding": "no"})
    client.post(at("change_evidence", shown), EVIDENCE | {"months": "", "required": "no"})

    assert [theme.number for theme in version.themes.all()] == ["2", "3", "4", "9"]
    assert version.kpi_themes.first().name == "Safe and well"
    theme.refresh_from_db()
    assert [row.number for row in theme.standards.all()] == ["1.2", "1.3", "1.4", "1.5", "1.6", "1.10"]
    standard.refresh_from_db()
    assert (standard.title, standard.safeguarding, standard.kpi_themes.count()) == ("Doors close", False, 0)
    shown.refresh_from_db()
    assert (shown.title, shown.months, shown.required) == ("Lock test", None, False)


@pytest.mark.parametrize("name", ["remove_standard", "remove_evidence", "remove_measure", "remove_theme"])
def test_max_takes_something_out(world, sign_in, name):
    client, version = sign_in(world.max), own(world)
    theme = version.themes.first()
    standard = theme.standards.first()
    thing = {
        "remove_standard": standard,
        "remove_evidence": standard.evidence.first(),
        "remove_measure": version.kpi_themes.first(),
        "remove_theme": theme,
    }[name]

    assert "Remove" in client.get(at(name, thing)).content.decode()
    assert client.post(at(name, thing)).status_code == 302
    assert client.post(at(name, thing)).status_code == 404


@pytest.mark.parametrize(
    ("name", "sent", "message"),
    [
        ("add_theme", {"number": "1", "title": "Again"}, "already a part with the number “1”"),
        ("add_theme", {"number": "", "title": ""}, "Enter a number"),
        ("add_measure", {"name": "outcomes"}, "already a daily measure called “outcomes”"),
        ("add_standard", STANDARD | {"number": "2.1"}, "already a standard with the number “2.1”"),
        ("add_standard", STANDARD | {"sole_tutor_instead": ""}, "say which other evidence is taken"),
        ("add_standard", STANDARD | {"online_only_instead": "A letter"}, "only named where it is taken"),
        ("add_standard", STANDARD | {"measures": ["0"]}, "Select only measures that are on this page"),
        ("add_evidence", EVIDENCE | {"kind": "file"}, "Only a certificate runs out"),
        ("add_evidence", EVIDENCE | {"months": "0"}, "Months must be a whole number from 1 to 120"),
        ("add_evidence", EVIDENCE | {"on_expiry": "explode"}, "Choose one of these"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, sign_in, name, sent, message):
    version = own(world)
    theme = version.themes.first()
    thing = {"add_standard": theme, "add_evidence": theme.standards.first()}.get(name, version)
    before = text_of(version)

    page = sign_in(world.max).post(at(name, thing), sent)

    assert message in page.content.decode()
    assert "govuk-error-summary" in page.content.decode()
    assert text_of(version) == before


def test_a_final_version_is_changed_by_no_page(world, sign_in):
    client, version = sign_in(world.max), own(world, fixed=True)
    theme = version.themes.first()
    standard = theme.standards.first()
    before = text_of(version)
    sent = {
        ("add_theme", version): {"number": "9", "title": "Ours"},
        ("change_theme", theme): {"number": "9", "title": "Ours"},
        ("add_measure", version): {"name": "Joy"},
        ("change_measure", version.kpi_themes.first()): {"name": "Joy"},
        ("add_standard", theme): STANDARD,
        ("change_standard", standard): STANDARD,
        ("add_evidence", standard): EVIDENCE,
        ("change_evidence", standard.evidence.first()): EVIDENCE,
        ("remove_evidence", standard.evidence.first()): {},
        ("remove_standard", standard): {},
        ("fix_standards", version): {"note": "Again"},
        ("discard_standards", version): {},
    }

    for (name, thing), data in sent.items():
        assert "This version is final and cannot change" in client.post(at(name, thing), data).content.decode(), name

    assert text_of(version) == before
    page = client.get(at("standards_version", version)).content.decode()
    assert "Add a part" not in page
    assert "Copy into a set of your own" in page


def test_what_a_colleague_removed_meanwhile_is_refused_in_words(world):
    version = own(world)
    theme = version.themes.first()
    gone = Theme.objects.get(pk=theme.pk)
    theme.delete()

    with pytest.raises(Refused, match="already been removed"):
        parts.remove_part(version=version, part=gone, by=world.max, at=NOW())
    with pytest.raises(Refused, match="already been removed"):
        parts.save_theme(version=version, theme=gone, number="1", title="Back", by=world.max, at=NOW())


@pytest.mark.parametrize("who", ["ada", "olu", "ines", "charlie"])
def test_nobody_else_changes_a_part(world, who):
    version, by = own(world), getattr(world, who)
    theme = version.themes.first()
    standard = theme.standards.first()
    fields = {
        "number": "1.7",
        "title": "T",
        "good_looks_like": "",
        "safeguarding": False,
        "measures": [],
        "applies": [],
    }
    shown = {"kind": "file", "title": "T", "months": None, "on_expiry": "nothing", "required": True}
    for attempt in (
        lambda: parts.save_theme(version=version, theme=None, number="9", title="T", by=by, at=NOW()),
        lambda: parts.save_measure(version=version, measure=None, name="T", by=by, at=NOW()),
        lambda: parts.save_standard(theme=theme, standard=None, **fields, by=by, at=NOW()),
        lambda: parts.save_evidence(standard=standard, evidence=None, **shown, by=by, at=NOW()),
        lambda: parts.remove_part(version=version, part=theme, by=by, at=NOW()),
    ):
        with pytest.raises(access.Denied):
            attempt()


def test_max_begins_the_next_version_and_discards_it(world, sign_in):
    client, version = sign_in(world.max), own(world, fixed=True)
    assert "Begin a new version" in client.get(at("standard_set", version.standard_set)).content.decode()

    client.post(at("begin_standards", version.standard_set))
    second = StandardsVersion.objects.get(standard_set=version.standard_set, number=2)
    assert "being written already" in client.post(at("begin_standards", version.standard_set)).content.decode()
    client.post(at("discard_standards", second))

    assert list(version.standard_set.versions.all()) == [version]


def test_max_chooses_the_standards_of_a_framework(world, sign_in):
    client, framework, mine = sign_in(world.max), make_framework(world), own(world, fixed=True)
    page = client.get(at("framework_standards", framework)).content.decode()
    assert "Larkshire standards, version 1 (21 standards)" in page
    assert "National standards for alternative provision outside schools, version 1 (21 standards)" in page

    assert "Choose one of these" in client.post(at("framework_standards", framework), {"version": "0"}).content.decode()
    client.post(at("framework_standards", framework), {"version": mine.pk})

    assert Framework.objects.get(pk=framework.pk).standards_chosen == mine


def test_a_version_that_is_being_written_or_somebody_elses_is_not_offered(world, sign_in):
    own(world)
    theirs = make_framework(world, buyer=world.mereshire)
    page = sign_in(world.max).get(at("framework_standards", make_framework(world))).content.decode()

    assert "Larkshire standards" not in page
    assert theirs.buyer == world.mereshire


def more(version, number: int) -> None:
    """Add standards with evidence to the first part."""
    theme = version.themes.first()
    for position in range(number):
        row = Standard.objects.create(theme=theme, number=f"1.{position + 20}", title="More")
        row.evidence.create(kind="file", title="A file")
        row.applies.create(to="online_only", how="not_asked")


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_however_much_they_hold(world, sign_in, django_assert_num_queries, number):
    version = own(world)
    more(version, number)
    for count in range(number - 1):
        actions.adopt_standards(
            version=national(), organisation=world.larkshire, name=f"Set {count}", by=world.max, at=NOW()
        )
    client = sign_in(world.max)
    assert client.get(at("standard_sets")).context["sets"][0].owner is None

    for name, thing, queries in [
        ("standards_version", national(), 8),
        ("standard_set", version.standard_set, 6),
        ("standard_sets", None, 4),
    ]:
        address = at(name, thing) if thing else at(name)
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
    with django_assert_num_queries(6):
        Client().get(at("standards_version", national()))
