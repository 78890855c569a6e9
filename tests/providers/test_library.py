"""The evidence library: a document is added, replaced, renamed, removed; what names an old version still reads it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Organisation
from audit.models import Event
from core import access, clock
from files.models import File
from files.rules import refusals
from files.states import FileState
from lots.rules.refusals import Refused
from providers.actions import library
from providers.models import Item, ItemVersion
from providers.queries.library import held_versions, library_of
from providers.rules import library as rules
from providers.states import ItemKind
from tests.files.made import docm, pdf, upload
from tests.patience import found_by, without_lock
from tests.providers.library import AT, TODAY, add, kept

ANSWERS = {"title": "Safeguarding policy", "kind": "policy", "shows_dbs": "no"}


@pytest.fixture(autouse=True)
def store_of_its_own(settings, tmp_path):
    """What lies in the store can be counted."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }  # fmt: skip


def lying() -> list[str]:
    """What lies in the store."""
    return default_storage.listdir("files")[1] if default_storage.exists("files") else []


def adding(world) -> str:
    return reverse("add_item", args=[world.ash_house.pk])


def day(name: str, value: dt.date) -> dict:
    return {f"{name}_0": str(value.day), f"{name}_1": str(value.month), f"{name}_2": str(value.year)}


def errors(page) -> dict:
    return {name: list(said) for name, said in page.context["form"].errors.items()}


def test_alice_adds_a_document_and_gives_it_out_once_it_was_checked(world, sign_in, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"  # there is a scanner, and it has not answered yet
    client, content = sign_in(world.alice), pdf("Safeguarding policy")
    today = clock.today()
    answers = ANSWERS | day("issued_on", today) | day("expires_on", today + dt.timedelta(days=30))

    answer = client.post(adding(world), answers | {"file": upload(content, "policy 2026.pdf")})

    version = ItemVersion.objects.get()
    assert answer["Location"] == reverse("item", args=[version.item_id]) + "?added"
    page = client.get(answer["Location"]).content.decode()
    for words in (
        "The document was added to your library",
        "Safeguarding policy",
        "policy 2026.pdf",
        "Being checked",
        "Expires soon",
        "by Alice",
    ):
        assert words in page
    File.objects.update(state=FileState.CLEAN, scanned_at=AT)
    given = client.get(reverse("download_version", args=[version.pk]))
    assert b"".join(given.streaming_content) == content
    assert "attachment" in given["Content-Disposition"]
    event = Event.objects.get(action="providers.item.added")
    assert event.data == {"version": version.pk, "kind": "policy"}
    assert event.organisation_id == world.ash_house.pk


def test_the_same_name_twice_is_two_documents(world, sign_in):
    client = sign_in(world.alice)

    for _ in range(2):
        client.post(adding(world), ANSWERS | {"file": upload(pdf())})

    assert Item.objects.count() == 2
    assert {version.file.name for version in ItemVersion.objects.all()} == {"policy.pdf"}
    assert len(lying()) == 2


def test_a_file_that_shows_a_dbs_certificate_is_refused_with_the_reason(world, sign_in):
    page = sign_in(world.alice).post(adding(world), ANSWERS | {"shows_dbs": "yes", "file": upload(pdf())})

    assert errors(page) == {"shows_dbs": [refusals.NO_CERTIFICATES]}
    assert Item.objects.count() == 0
    assert lying() == []


def test_it_has_to_be_said_whether_it_shows_one(world, sign_in):
    page = sign_in(world.alice).post(adding(world), {"title": "A", "kind": "policy", "file": upload(pdf())})

    assert errors(page)["shows_dbs"] == ["Say whether this file shows a DBS certificate"]
    assert errors(page)["file"] == [
        "Choose the file again: it was not kept, because something else on this page has to be put right"
    ]


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "policy.pdf", refusals.EMPTY),
        (docm(), "policy.docx", refusals.MACROS),
        (pdf("Disclosure and Barring Service Enhanced Certificate"), "DBS certificate.pdf", refusals.CERTIFICATE),
    ],
)
def test_a_file_that_is_not_taken_says_why_and_loses_nothing_typed(world, sign_in, content, name, says):
    page = sign_in(world.alice).post(adding(world), ANSWERS | {"file": upload(content, name)})

    assert errors(page) == {"file": [says]}
    assert 'value="Safeguarding policy"' in page.content.decode()
    assert (Item.objects.count(), lying()) == (0, [])


@pytest.mark.parametrize(
    ("issued", "expires", "field"),
    [
        (None, None, ""),
        (0, 0, ""),
        (-400, -1, ""),
        (1, None, "issued_on"),
        (-1, -2, "expires_on"),
        (None, 366 * 25, "expires_on"),
    ],
)
def test_days_on_documents(world, sign_in, issued, expires, field):
    today, answers = clock.today(), dict(ANSWERS)
    for name, days in (("issued_on", issued), ("expires_on", expires)):
        if days is not None:
            answers |= day(name, today + dt.timedelta(days=days))

    page = sign_in(world.alice).post(adding(world), answers | {"file": upload(pdf())})

    if field:
        assert errors(page).keys() == {field, "file"}
        assert (Item.objects.count(), lying()) == (0, [])
    else:
        assert page.status_code == 302


def test_an_upload_that_is_cut_off_leaves_nothing(world, sign_in):
    client = sign_in(world.alice)
    whole = (
        b'--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nPolicy\r\n'
        b'--B\r\nContent-Disposition: form-data; name="kind"\r\n\r\npolicy\r\n'
        b'--B\r\nContent-Disposition: form-data; name="shows_dbs"\r\n\r\nno\r\n'
        b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + pdf() + b"\r\n--B--\r\n"
    )

    for share in (0.3, 0.6, 0.9):
        body = whole[: int(len(whole) * share)]
        page = client.generic("POST", adding(world), body, content_type="multipart/form-data; boundary=B")
        assert page.status_code in {200, 400}
        assert (Item.objects.count(), File.objects.count(), lying()) == (0, 0, [])
    assert client.generic("POST", adding(world), whole, content_type="multipart/form-data; boundary=B")["Location"]


def test_a_file_is_forgotten_when_the_action_fails(world, sign_in, monkeypatch):
    def fails(**words):
        raise RuntimeError("no")

    monkeypatch.setattr(library, "add_item", fails)
    client = sign_in(world.alice)
    client.raise_request_exception = False

    assert client.post(adding(world), ANSWERS | {"file": upload(pdf())}).status_code == 500
    assert lying() == []


def test_nothing_is_locked_while_a_file_arrives(world, sign_in, monkeypatch):
    """A slow upload stands beside others: no transaction is open before the whole file was looked at."""
    from django.db import connection

    from files import store

    blocks, real = [], store.keep
    monkeypatch.setattr(store, "keep", lambda file: (blocks.append(len(connection.savepoint_ids)), real(file))[1])
    before = len(connection.savepoint_ids)

    sign_in(world.alice).post(adding(world), ANSWERS | {"file": upload(pdf())})

    assert blocks == [before]


# --- Newer versions


def test_a_newer_version_counts_and_the_one_before_stays_readable(world, sign_in):
    first = add(world.alice, expires_on=TODAY).version
    client = sign_in(world.alice)

    sent = {"shows_dbs": "no", "file": upload(pdf("Second"))}
    page = client.post(reverse("replace_item", args=[first.item_id]), sent, follow=True)

    assert "The new version is in your library" in page.content.decode()
    newest = ItemVersion.objects.get(number=2)
    assert Item.objects.get().current == newest
    assert newest.expires_on is None
    assert list(library_of(world.ash_house, user=world.alice)) == [newest.pk]
    old = client.get(reverse("download_version", args=[first.pk]))
    assert b"".join(old.streaming_content) == b"%PDF-1.7 made up"
    assert Event.objects.get(action="providers.item.replaced").data == {"version": newest.pk, "number": 2}


def test_what_an_application_names_is_read_after_it_was_replaced_and_removed(world):
    first = add(world.alice, title="Policy")
    second = library.replace_item(item=first.item, issued_on=None, expires_on=None, kept=kept(), by=world.alice, at=AT)
    library.remove_item(item=first.item, by=world.alice, at=AT)

    held = held_versions([first.version.pk, second.pk], provider=world.ash_house, user=world.alice)

    assert library_of(world.ash_house, user=world.alice) == {}
    assert {pk: (one.number, one.is_current, one.usable) for pk, one in held.items()} == {
        first.version.pk: (1, False, True),
        second.pk: (2, False, True),
    }


def test_an_infected_file_is_held_and_cannot_be_used(world):
    version = add(world.alice).version
    File.objects.update(state=FileState.INFECTED, scanned_at=AT)

    assert library_of(world.ash_house, user=world.alice)[version.pk].usable is False


@pytest.mark.parametrize("who", ["charlie", "max", "olu", "nora"])
def test_nobody_elses_documents_are_read(world, who, django_assert_num_queries):
    version = add(world.alice).version
    stranger = getattr(world, who)

    assert library_of(world.ash_house, user=stranger) == {}
    assert held_versions([version.pk], provider=world.ash_house, user=stranger) == {}
    with django_assert_num_queries(0):
        assert held_versions([], provider=world.ash_house, user=stranger) == {}


def test_the_whole_library_is_read_in_one_query(world, django_assert_num_queries):
    from accounts.models.organisations import roles_of

    for title in ("B", "A", "C"):
        add(world.alice, title=title)
    roles_of(world.alice)

    with django_assert_num_queries(1):
        found = library_of(world.ash_house, user=world.alice)

    assert [one.title for one in found.values()] == ["A", "B", "C"]
    assert all(one.is_current and one.usable for one in found.values())


def test_a_document_is_renamed_and_removed(world, sign_in):
    item = add(world.alice).item
    client = sign_in(world.alice)

    client.post(reverse("rename_item", args=[item.pk]), {"title": "Fire plan", "kind": "risk"})
    item.refresh_from_db()
    assert (item.title, item.kind) == ("Fire plan", "risk")
    assert Event.objects.get(action="providers.item.renamed").data == {"kind": "risk"}

    assert "Fire plan" in client.get(reverse("remove_item", args=[item.pk])).content.decode()
    client.post(reverse("remove_item", args=[item.pk]))
    assert "No document has been added" in client.get(reverse("library", args=[world.ash_house.pk])).content.decode()
    assert "was removed from the library" in client.get(reverse("item", args=[item.pk])).content.decode()


def test_a_document_that_was_removed_is_not_changed(world, sign_in):
    item = add(world.alice).item
    library.remove_item(item=item, by=world.alice, at=AT)
    client = sign_in(world.alice)

    with pytest.raises(Refused, match="removed"):
        library.remove_item(item=item, by=world.alice, at=AT)
    renamed = client.post(reverse("rename_item", args=[item.pk]), {"title": "Fire plan", "kind": "risk"})
    replaced = client.post(reverse("replace_item", args=[item.pk]), {"shows_dbs": "no", "file": upload(pdf("Second"))})

    for page in (renamed, replaced):
        assert "This document was removed from the library" in page.content.decode()
    assert len(lying()) == 1


@pytest.mark.parametrize("who", ["bob", "charlie", "olu", "max"])
def test_nobody_but_its_leads_changes_a_library(world, who):
    item, by = add(world.alice).item, getattr(world, who)
    dates = {"issued_on": None, "expires_on": None}

    with pytest.raises(access.Denied):
        library.add_item(provider=world.ash_house, title="A", kind=ItemKind.POLICY, kept=kept(), by=by, at=AT, **dates)
    with pytest.raises(access.Denied):
        library.replace_item(item=item, kept=kept(), by=by, at=AT, **dates)
    with pytest.raises(access.Denied):
        library.rename_item(item=item, title="B", kind=ItemKind.POLICY, by=by, at=AT)
    with pytest.raises(access.Denied):
        library.remove_item(item=item, by=by, at=AT)


def test_a_library_has_an_end(world, monkeypatch):
    monkeypatch.setattr(rules, "MOST_ITEMS", 1)
    monkeypatch.setattr(rules, "MOST_VERSIONS", 1)
    item = add(world.alice).item

    with pytest.raises(Refused, match="at most"):
        add(world.alice)
    with pytest.raises(Refused, match="too many versions"):
        library.replace_item(item=item, issued_on=None, expires_on=None, kept=kept(), by=world.alice, at=AT)


def test_the_database_keeps_days_in_order_and_numbers_apart(world):
    version, file = add(world.alice).version, add(world.alice).version.file
    ItemVersion.objects.filter(file=file).update(file=_another(file))
    for broken in (
        {"number": 1},
        {"number": 2, "issued_on": TODAY, "expires_on": TODAY - dt.timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ItemVersion.objects.create(item=version.item, file=file, added_at=AT, **broken)


def _another(file: File) -> File:
    return File.objects.create(
        organisation=file.organisation, name="a.pdf", kind="pdf", size=1, sha256="0", stored_as="a", received_at=AT
    )


# --- The list


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Ended", "Ends today", "Later", "Soon", "Undated"]),
        ("?stands=ended", ["Ended"]),
        ("?stands=soon", ["Ended", "Ends today", "Soon"]),
        ("?stands=runs", ["Later"]),
        ("?stands=undated", ["Undated"]),
        ("?kind=risk", ["Later"]),
        ("?words=soo", ["Soon"]),
        ("?words=nothing", []),
        ("?stands=nonsense", ["Ended", "Ends today", "Later", "Soon", "Undated"]),
    ],
)
def test_the_library_is_narrowed(world, sign_in, query, titles):
    today = clock.today()
    for title, days in (("Ended", -1), ("Ends today", 0), ("Soon", 90), ("Later", 91), ("Undated", None)):
        add(
            world.alice,
            title=title,
            kind=ItemKind.RISK if title == "Later" else ItemKind.POLICY,
            expires_on=None if days is None else today + dt.timedelta(days=days),
        )
    add(world.charlie, title="Theirs")

    page = sign_in(world.alice).get(reverse("library", args=[world.ash_house.pk]) + query)

    assert [item.title for item in page.context["page"].rows] == titles
    assert "1 document has expired" in page.content.decode()


@pytest.mark.parametrize("how_many", [1, 3])
def test_the_library_costs_the_same_for_one_document_and_for_three(world, sign_in, how_many, django_assert_num_queries):
    for number in range(how_many):
        add(world.alice, title=f"Document {number}")
    client, address = sign_in(world.alice), reverse("library", args=[world.ash_house.pk])
    client.get(address)

    with django_assert_num_queries(6):
        client.get(address)


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_document_costs_the_same_for_one_version_and_for_three(world, sign_in, how_many, django_assert_num_queries):
    item = add(world.alice).item
    for _ in range(how_many - 1):
        library.replace_item(item=item, issued_on=None, expires_on=None, kept=kept(), by=world.alice, at=AT)
    client, address = sign_in(world.alice), reverse("item", args=[item.pk])
    client.get(address)

    with django_assert_num_queries(5):
        client.get(address)


# --- On another page


def test_another_page_takes_a_document_in_without_leaving(world, rf):
    from providers.views.library import upload_here

    def asked(method, **data):
        request = getattr(rf, method)("/somewhere/", data)
        request.user = world.alice
        return upload_here(request, world.ash_house, initial={"title": "Fire certificate"})

    form, version = asked("get")
    assert (form.is_bound, version, form.initial) == (False, None, {"title": "Fire certificate"})
    form, version = asked("post", another="answer")
    assert (form.is_bound, version) == (False, None)
    form, version = asked("post", **{"new-title": "Fire certificate"})
    assert (form.errors["file"], version) == (["Select a file"], None)

    answers = {f"new-{name}": value for name, value in ANSWERS.items()}
    form, version = asked("post", **answers, **{"new-file": upload(pdf())})
    assert version == ItemVersion.objects.get()


# --- Two at once


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [False, True])
def test_two_newer_versions_at_once_get_a_number_each(meet, monkeypatch, locked):
    from tests.cast import make_world

    world = make_world()
    item = add(world.alice).item
    if not locked:
        without_lock(monkeypatch, Item, Organisation)
    meet(rules, "check_versions")

    def replace():
        return library.replace_item(
            item=item, issued_on=None, expires_on=None, kept=kept(), by=world.alice, at=AT
        ).number

    found = found_by(replace, replace)

    if locked:
        assert sorted(found) == [2, 3]
        assert Item.objects.get().current.number == 3
    else:
        assert sum(isinstance(one, IntegrityError) for one in found) == 1
