"""Pupils are added, found and changed; whose they are, and what another commissioner never learns."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core import lists
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import pupils as actions
from referrals.models import FormerName, Pupil
from referrals.permissions import pupils as may
from referrals.queries import pupils as queries
from referrals.queries import sealed
from referrals.rules.private import Contact, Private
from referrals.steps import pupils as steps
from tests.referrals.made import AT, CANARIES, PRIVATE, UPN, made_pupil, made_referral
from tests.referrals.pupils import OTHER_UPN, another, at_school, give, made_school, made_twin, typed, who

ROLES_OF_ELM = [
    (Role.SCHOOL_LEAD, {"list", "flags", "add", "see", "need", "change", "record"}),
    (Role.SCHOOL_SENCO, {"list", "flags", "add", "see", "need", "change"}),
    (Role.SCHOOL_DSL, {"list", "flags", "add", "see", "need", "change", "record"}),
    (Role.SCHOOL_ATTENDANCE, {"list", "see"}),
    (Role.SCHOOL_FINANCE, set()),
]


def add(world, told=None, roll=None, *, by=None, different=False, commissioner=None):
    return actions.add_pupil(
        commissioner=commissioner or world.elm_grove,
        who=told or who(),
        roll=roll,
        different=different,
        by=by or world.sana,
        at=AT,
    )


def identity(pupil, **changed) -> dict:
    """What the form of a record would send back, with these changes."""
    told = queries.who_of(pupil)
    names = ("first_names", "last_name", "known_as", "born_on", "no_upn_reason")
    private = ("upn", "uln", "sex", "language", "street", "town", "postcode")
    return {name: getattr(told, name) for name in names} | {n: getattr(told.private, n) for n in private} | changed


def edit(world, pupil, *, mistake=False, different=False, revision=0, by=None, **changed):
    return actions.edit_pupil(
        pupil=pupil,
        values=identity(pupil, **changed),
        mistake=mistake,
        different=different,
        revision=revision,
        by=by or world.sana,
        at=AT,
    )


class TestWhoMay:
    @pytest.mark.once
    @pytest.mark.parametrize(("role", "allowed"), ROLES_OF_ELM)
    def test_at_the_school(self, world, role, allowed):
        pupil = made_pupil(world)
        give(world.nora, world.elm_grove, role)
        school = {"list": may.can_list, "flags": may.can_see_flags, "add": may.can_add}
        ours = {
            "see": may.can_see,
            "need": may.can_see_need,
            "change": may.can_change,
            "record": may.can_see_record,
        }

        found = {name for name, can in school.items() if can(world.nora, world.elm_grove)}
        found |= {name for name, can in ours.items() if can(world.nora, pupil)}

        assert found == allowed

    @pytest.mark.once
    def test_a_provider_has_no_pupils_of_its_own(self, world):
        assert not may.can_list(world.bob, world.ash_house)
        assert not may.can_add(world.alice, world.ash_house)

    @pytest.mark.once
    def test_a_trusts_people_reach_the_schools_that_are_listed_for_them(self, world, sign_in):
        pupil = made_pupil(world)
        assert sign_in(world.tariq).get(reverse("pupil", args=[pupil.pk])).status_code == 404
        Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)
        client = sign_in(world.tariq)

        page = client.get(reverse("pupil", args=[pupil.pk]))
        of_the_trust = client.get(reverse("pupils", args=[world.oak_trust.pk]))

        assert page.status_code == 200
        assert reverse("pupils", args=[world.oak_trust.pk]) in page.text
        assert "Quillsworth, Quillon Zephyrine" in of_the_trust.text
        assert "Elm Grove School" in of_the_trust.text

    def test_nobody_else_writes(self, world):
        pupil = made_pupil(world)
        give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
        for call in (
            lambda: add(world, by=world.nora),
            lambda: add(world, by=world.eve),
            lambda: edit(world, pupil, by=world.nora),
            lambda: actions.edit_needs(pupil=pupil, values={}, revision=0, by=world.nora, at=AT),
            lambda: actions.edit_contacts(pupil=pupil, contacts=[], revision=0, by=world.tom, at=AT),
            lambda: actions.note_list(commissioner=world.elm_grove, copied=True, by=world.nora, at=AT),
            lambda: actions.note_list(commissioner=world.elm_grove, copied=False, by=world.eve, at=AT),
        ):
            with pytest.raises(PermissionDenied):
                call()


class TestAdding:
    def test_sana_adds_a_pupil(self, world, sign_in):
        answer = sign_in(world.sana).post(
            reverse("add_pupil", args=[world.elm_grove.pk]),
            typed(
                upn=f" {UPN[:4].lower()} {UPN[4:]}",
                no_upn_reason="",
                uln="1000102504",
                postcode="lk1 1aa",
                has_ehcp="yes",
            ),
        )

        pupil = Pupil.objects.get()
        assert answer.url == reverse("pupil", args=[pupil.pk])
        assert (pupil.commissioner, pupil.full_name, pupil.has_ehcp) == (world.elm_grove, "Juniper Okonkwo", True)
        assert sealed.private_of(pupil) == Private(upn=UPN, uln="1000102504", sex="F", postcode="LK1 1AA")
        assert pupil.upn_key == sealed.hash_of(UPN, what="upn")
        assert UPN.encode() not in bytes(pupil.private)
        [roll] = pupil.enrolments.all()
        assert (roll.school, roll.kind, roll.from_on) == (world.elm_grove, "main", dt.date(2024, 9, 2))
        event = Event.objects.get(action="referrals.pupil.added")
        assert (event.by, event.organisation_id, event.data) == (world.sana, world.elm_grove.pk, {"way": "page"})

    def test_a_pupil_may_be_on_no_roll_or_not_placed_yet(self, world, sign_in):
        client, address = sign_in(world.sana), reverse("add_pupil", args=[world.elm_grove.pk])

        client.post(address, typed(kind="none", why_none="excluded", words=""))
        client.post(address, typed(first_names="Marlow", last_name="Pryce", kind="", words=""))

        [first, second] = Pupil.objects.order_by("pk")
        assert first.enrolments.get().why_none == "excluded"
        assert not second.enrolments.exists()

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, world, sign_in):
        made_school("Elm Grove School", "900003")
        client, address = sign_in(world.sana), reverse("add_pupil", args=[world.elm_grove.pk])
        wrong = typed(
            upn="Q207000016049",
            uln="1",
            born_on_2="1999",
            words="Elm Grove",
            first_names="",
            from_on_0="",
            from_on_1="",
            from_on_2="",
        )

        page = client.post(address, wrong)

        for said in (
            "leave this empty and say why",
            "ULN must be 10 digits",
            "Enter the pupil’s first names",
            "with a year from 2000",
            "Choose which one",
            "Enter the first day",
            'value="Q207000016049"',
        ):
            assert said in page.text
        assert "nothing in the register" not in page.text.lower()
        assert "Nothing in the register" in client.post(address, typed(words="Nowhere")).text
        assert "Enter the name or URN" in client.post(address, typed(words="")).text
        assert "say why the pupil" not in page.text
        assert "Choose why the pupil is on no" in client.post(address, typed(kind="none", words="")).text
        assert "or choose why there is none" in client.post(address, typed(no_upn_reason="")).text
        assert not Pupil.objects.exists()

    def test_a_number_that_another_of_our_pupils_has_leads_to_that_one(self, world, sign_in):
        theirs = made_pupil(world)

        page = sign_in(world.sana).post(
            reverse("add_pupil", args=[world.elm_grove.pk]), typed(upn=UPN, no_upn_reason="")
        )

        assert "You already have a pupil with this UPN" in page.text
        assert reverse("pupil", args=[theirs.pk]) in page.text
        assert Pupil.objects.count() == 1

    def test_that_another_commissioner_has_the_pupil_is_told_by_nothing(self, world):
        told = who(
            first_names="Quillon",
            last_name="Quillsworth",
            born_on=dt.date(2012, 5, 4),
            private=Private(upn=UPN),
            no_upn_reason="",
        )
        unknown = replace(told, private=Private(upn=OTHER_UPN), born_on=dt.date(2012, 5, 5))
        made_pupil(world, commissioner=world.larkshire)
        add(world, who())

        with CaptureQueriesContext(connection) as alone:
            add(world, unknown)
        with CaptureQueriesContext(connection) as elsewhere:
            made = add(world, told)

        assert made.commissioner == world.elm_grove
        assert Pupil.objects.filter(upn_key=made.upn_key).count() == 2
        assert len(elsewhere) == len(alone)

    def test_a_likely_twin_is_asked_about_and_one_tick_goes_on(self, world, sign_in):
        first = made_pupil(world)
        client, address = sign_in(world.sana), reverse("add_pupil", args=[world.elm_grove.pk])
        twin = typed(last_name="Quillsworth", born_on_0="4", born_on_1="5", born_on_2="2012")

        page = client.post(address, twin)

        assert "Is this another pupil?" in page.text
        assert reverse("pupil", args=[first.pk]) in page.text
        assert Pupil.objects.count() == 1
        assert client.post(address, twin | {"different": "on"}).status_code == 302
        assert Pupil.objects.count() == 2

    def test_a_name_before_is_a_like_name_too(self, world):
        pupil = made_pupil(world)
        FormerName.objects.create(pupil=pupil, first_names="Q", last_name="Tanager", until_on=AT.date())

        assert queries.likely_same(world.elm_grove.pk, who(last_name="Tanager", born_on=pupil.born_on)) == [pupil.pk]
        assert queries.likely_same(world.elm_grove.pk, who(last_name="Tanager")) == []

    def test_many_at_once_cost_no_more_statements_than_two(self, world, django_assert_num_queries):
        from django.db import transaction

        def write(names):
            with transaction.atomic():
                rows = [(who(first_names=name), at_school(world.elm_grove)) for name in names]
                steps.add(commissioner=world.elm_grove, pupils=rows, by=world.sana, at=AT, way="list")

        with django_assert_num_queries(8):
            write(["Ann", "Ben"])
        with django_assert_num_queries(8):
            write([f"Child {letter}" for letter in "ABCDEFGH"])
        assert Event.objects.filter(action="referrals.pupil.added").count() == 10

    def test_what_only_the_database_sees_is_said_in_words(self, world, monkeypatch):
        made_pupil(world)
        monkeypatch.setattr(queries, "numbers_taken", lambda *args, **kwargs: {})

        with pytest.raises(Refused, match="already have a pupil with this UPN or ULN"):
            add(world, who(private=Private(upn=UPN), no_upn_reason=""))

    def test_another_fault_of_the_database_stays_one(self, world, monkeypatch):
        def breaks(*args, **kwargs):
            raise IntegrityError("something else")

        monkeypatch.setattr(Pupil.objects, "bulk_create", breaks)
        with pytest.raises(IntegrityError):
            add(world)


class TestFinding:
    @pytest.fixture
    def pupils(self, world):
        made = [made_pupil(world, has_ehcp=True), another(world), another(world, "Zoë", "O’Brien", looked_after=True)]
        FormerName.objects.create(pupil=made[1], first_names="June", last_name="Oldfield", until_on=AT.date())
        Pupil.objects.filter(pk=made[1].pk).update(name_key=queries.key_with_former(made[1]))
        return made

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["O’Brien", "Okonkwo", "Quillsworth"]),
            ({"words": "zephyrine quill"}, ["Quillsworth"]),
            ({"words": "zoe obrien"}, ["O’Brien"]),
            ({"words": "Oldfield"}, ["Okonkwo"]),
            ({"words": f"{UPN[:4].lower()} {UPN[4:]}"}, ["Quillsworth"]),
            ({"words": OTHER_UPN}, []),
            ({"words": "nobody"}, []),
            ({"has_ehcp": "on"}, ["Quillsworth"]),
            ({"looked_after": "on"}, ["O’Brien"]),
            ({"no_roll": "on"}, ["O’Brien", "Okonkwo"]),
        ],
    )
    def test_by_name_number_flags_and_roll(self, world, sign_in, pupils, asked, found):
        client, address = sign_in(world.sana), reverse("pupils", args=[world.elm_grove.pk])

        answer = client.post(address, asked)
        page = client.get(answer.url)

        assert answer.url == address
        assert [one.last_name for one in page.context["page"]] == sorted(found)

    def test_by_school_and_all_again(self, world, sign_in, pupils):
        client, address = sign_in(world.sana), reverse("pupils", args=[world.elm_grove.pk])

        client.post(address, {"school": world.elm_grove.pk})
        assert len(client.get(address).context["page"]) == 1
        client.post(address, {"clear": "1"})
        assert len(client.get(address).context["page"]) == 3
        assert "Choose a school from the list" in client.post(address, {"school": world.birch_farm.pk}).text

    def test_what_was_looked_for_is_forgotten_where_it_no_longer_fits(self, world, sign_in, pupils):
        client, address = sign_in(world.sana), reverse("pupils", args=[world.elm_grove.pk])
        client.post(address, {"school": world.elm_grove.pk})
        pupils[0].enrolments.all().delete()

        assert len(client.get(address).context["page"]) == 3

    def test_an_attendance_officer_is_shown_no_flags(self, world, sign_in, pupils):
        give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
        client, address = sign_in(world.nora), reverse("pupils", args=[world.elm_grove.pk])

        client.post(address, {"has_ehcp": "on"})
        page = client.get(address)

        assert len(page.context["page"]) == 3
        assert "Looked after" not in page.text
        assert client.get(reverse("pupils_csv", args=[world.elm_grove.pk])).status_code == 403

    @pytest.mark.once
    def test_the_next_page_names_nobody_in_its_address(self, world):
        for number in range(3):
            another(world, f"Child{number}", "Canaryson")
        rows = queries.pupils_of(world.elm_grove, user=world.sana)

        first = lists.page(rows, {}, order=queries.ORDER, per=2, discreet=True)
        pk = first.rows[-1].pk
        second = lists.page(rows, {"after": str(pk)}, order=queries.ORDER, per=2, discreet=True)
        back = lists.page(rows, {"before": str(second.rows[0].pk)}, order=queries.ORDER, per=2, discreet=True)

        assert (first.after, second.before) == (f"?after={pk}", f"?before={second.rows[0].pk}")
        assert [one.first_names for one in [*first, *second]] == ["Child0", "Child1", "Child2"]
        assert back.rows == first.rows
        for nonsense in ("x", "9" * 30, "999999", "٣"):
            found = lists.page(rows, {"after": nonsense}, order=queries.ORDER, per=2, discreet=True)
            assert found.rows == first.rows

    def test_a_copy_says_what_the_list_says_and_is_recorded(self, world, sign_in, pupils):
        Pupil.objects.filter(pk=pupils[1].pk).update(last_name="=1+1")

        answer = sign_in(world.sana).get(reverse("pupils_csv", args=[world.elm_grove.pk]))
        text = b"".join(answer.streaming_content).decode()

        assert "Quillsworth,Quillon Zephyrine,,2012-05-04,Yes,No,Elm Grove School,2023-09-04" in text
        assert "'=1+1" in text
        assert [word for word in (UPN, "saxophone", "Canary Wharf", "07700") if word in text] == []
        assert "Quillsworth" not in answer["Content-Disposition"]
        assert Event.objects.get(action="referrals.pupils.copied").organisation_id == world.elm_grove.pk


class TestChanging:
    def test_a_new_name_keeps_the_old_one_with_its_day(self, world, sign_in):
        pupil = made_pupil(world)

        edit(world, pupil, last_name="Tanager")

        pupil.refresh_from_db()
        [before] = pupil.former_names.all()
        assert (pupil.last_name, before.last_name, before.until_on) == ("Tanager", "Quillsworth", AT.date())
        assert list(queries.by_words(Pupil.objects.all(), "quillsworth")) == [pupil]
        assert sealed.private_of(pupil) == PRIVATE
        assert Event.objects.get(action="referrals.pupil.changed").data == {"fields": ["last_name"]}
        assert "Quillsworth until" in sign_in(world.sana).get(reverse("pupil", args=[pupil.pk])).text

    def test_a_slip_of_the_keyboard_is_no_former_name(self, world):
        pupil = made_pupil(world)

        edit(world, pupil, last_name="Quilsworth", mistake=True)

        assert not pupil.former_names.exists()

    def test_the_page_saves_and_a_second_one_is_told(self, world, sign_in):
        pupil, client = made_pupil(world), sign_in(world.sana)
        address = reverse("edit_pupil", args=[pupil.pk])
        sent = typed(
            first_names="Quillon Zephyrine",
            last_name="Quillsworth",
            born_on_0="4",
            born_on_1="5",
            born_on_2="2012",
            upn=UPN,
            no_upn_reason="",
            known_as="Zeph",
            revision="0",
        )

        assert client.post(address, sent).url == reverse("pupil", args=[pupil.pk])
        second = client.post(address, sent | {"known_as": "Quill"})

        assert second.status_code == 409
        assert "Somebody changed this record" in second.text
        assert 'value="Quill"' in second.text
        assert 'name="revision" value="1"' in second.text
        pupil.refresh_from_db()
        assert (pupil.known_as, pupil.revision) == ("Zeph", 1)

    def test_numbers_and_twins_are_asked_about_here_too_but_not_of_oneself(self, world):
        pupil = made_pupil(world)
        twin = made_twin(world, pupil)

        edit(world, pupil, known_as="Q")
        with pytest.raises(Refused, match="already"):
            edit(world, twin, upn=UPN, no_upn_reason="")
        with pytest.raises(Refused, match="Check whether"):
            edit(world, twin, first_names="Quill")
        edit(world, twin, first_names="Quill", different=True)
        assert Pupil.objects.get(pk=twin.pk).first_names == "Quill"

    def test_needs_and_contacts(self, world, sign_in):
        pupil, client = made_pupil(world), sign_in(world.sana)
        needs = {"revision": "0", "has_ehcp": "yes", "looked_after": "no", "needs": ["autism"], "need": "Quiet"}
        needs |= {"health": "", "risks": "", "plan": "Two hours a day"}

        assert client.post(reverse("edit_needs", args=[pupil.pk]), needs).status_code == 302
        assert client.post(reverse("edit_needs", args=[pupil.pk]), needs).status_code == 409
        contacts = reverse("edit_contacts", args=[pupil.pk])
        row = {"revision": "1", "name_0": "Zephyrine Quillsworth", "phone_0": "07700 900123", "can_collect_0": "on"}
        wrong = client.post(contacts, row | {"phone_1": "12", "email_1": "x"})
        assert "Enter the name of this contact" in wrong.text
        assert "Enter a telephone number" in wrong.text
        more = client.post(contacts, row | {"name_1": "Bea Ash", "phone_1": "01632 960001"})
        assert more.url == contacts
        gone = client.post(contacts, row | {"revision": "2", "remove_0": "on", "name_1": "Bea Ash"})
        assert gone.url == reverse("pupil", args=[pupil.pk])

        private = sealed.private_of(Pupil.objects.get(pk=pupil.pk))
        assert (private.needs, private.need, private.plan) == (("autism",), "Quiet", "Two hours a day")
        assert private.contacts == (Contact(name="Bea Ash"),)
        assert private.upn == UPN
        fields = [event.data["fields"] for event in Event.objects.filter(action="referrals.pupil.changed")]
        assert sorted(fields) == [["contacts"], ["contacts"], ["has_ehcp", "needs", "need", "risks", "plan"]]

    def test_nothing_is_written_to_what_is_over(self, world):
        pupil, kept = made_pupil(world), another(world)
        Pupil.objects.filter(pk=pupil.pk).update(merged_into=kept, merged_at=AT)

        with pytest.raises(Refused, match="put together"):
            edit(world, pupil, known_as="Q")


class TestReading:
    def test_a_page_is_shown_by_role_and_each_look_is_written_down(self, world, sign_in):
        pupil = made_pupil(world, has_ehcp=True)
        made_referral(world, pupil=pupil)
        give(world.nora, world.elm_grove, Role.SCHOOL_ATTENDANCE)
        address = reverse("pupil", args=[pupil.pk])

        whole = sign_in(world.sana).get(address).text
        part = sign_in(world.nora).get(address).text

        assert "saxophone phobia" in whole
        assert "Referral of" in whole
        assert "<title>Pupil - " in whole.replace("\n", "").replace("  ", "")
        assert "07700 900123" in part
        assert [word for word in ("saxophone", "care plan", "Looked after", "Change ") if word in part] == []
        looks = Event.objects.filter(action="referrals.pupil.read", about_id=pupil.pk)
        assert {(one.by, one.organisation_id) for one in looks} == {
            (world.sana, world.elm_grove.pk),
            (world.nora, world.elm_grove.pk),
        }
        record = sign_in(world.sana).get(reverse("pupil_record", args=[pupil.pk]), {"only": "read"}).text
        assert record.count("Pupil looked at") == 2
        assert "Nothing yet" in sign_in(world.sana).get(reverse("pupil_record", args=[pupil.pk]), {"only": "done"}).text

    def test_nothing_of_a_child_leaves_by_address_letter_record_or_session(self, world, sign_in):
        client = sign_in(world.sana)
        pupil = made_pupil(world)
        for name in ("pupil", "edit_pupil", "edit_needs", "edit_contacts", "move_pupil", "merge_pupil", "pupil_record"):
            page = client.get(reverse(name, args=[pupil.pk])).text
            title = page.partition("<title>")[2].partition("</title>")[0]
            assert [word for word in CANARIES if word in title] == []
        found = client.post(reverse("pupils", args=[world.elm_grove.pk]), {"words": "Quillsworth"})
        edit(world, pupil, last_name="Quillsworth-Ash")
        pages = client.get(found.url)

        kept = [row.session_data for row in Session.objects.all()]
        kept += [str(event.data) for event in Event.objects.all()] + [found.url]
        kept += [f"{one.subject} {one.body} {one.key}" for one in Message.objects.all()]
        assert [word for word in CANARIES if any(word in text for text in kept)] == []
        assert "Quillsworth" in pages.text
