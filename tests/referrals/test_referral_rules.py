"""What a referral has to say, which law fits which reason, and what a provider may be told: tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from lots.rules.refusals import Refused
from referrals.rules import approval, bases
from referrals.rules import referral as rules
from referrals.rules.content import Content, Share, Target
from referrals.states import Basis, Reason, ReferralState
from tests.referrals.made import CONTENT

TODAY = dt.date(2026, 9, 14)
PLAIN = rules.Plain(
    kind="school",
    reason="suspended",
    basis="s100",
    trigger_on=dt.date(2026, 9, 7),
    lot=True,
    phase="secondary",
    mode="on_site",
    minutes=600,
    starts_on=dt.date(2026, 9, 28),
    ends_on=dt.date(2026, 12, 18),
    budget_pence=400_000,
)


def lacks(part: str, *, plain=None, content=None) -> list[str]:
    found = rules.missing(replace(PLAIN, **(plain or {})), replace(CONTENT, **(content or {})), today=TODAY)
    assert [name for name, said in found.items() if said] in ([], [part])
    return found[part]


class TestMissing:
    def test_a_whole_referral_lacks_nothing_and_an_empty_one_everything(self):
        assert rules.complete(rules.missing(PLAIN, CONTENT, today=TODAY))
        empty = rules.missing(rules.Plain(kind="school"), Content(), today=TODAY)
        assert list(empty) == [part for part, _ in rules.PARTS]
        assert all(empty.values())
        assert not rules.complete(empty)

    @pytest.mark.parametrize(
        ("part", "plain", "said"),
        [
            ("why", {"reason": ""}, "Choose the reason"),
            ("why", {"basis": ""}, "Choose the legal basis"),
            ("why", {"trigger_on": None}, "Enter the first school day of the exclusion or suspension"),
            ("why", {"reason": "early"}, bases.ONLY_A_SUSPENSION),
            (
                "why",
                {"basis": "s19"},
                "Say why this legal basis is right here: it is not the usual one for this reason",
            ),
            ("provision", {"lot": False}, "Choose the lot"),
            ("provision", {"phase": ""}, "Choose the age phase"),
            ("provision", {"mode": ""}, "Choose where it should take place"),
            ("provision", {"minutes": None}, "Enter the hours a week"),
            ("provision", {"starts_on": None}, "Enter the first day"),
            ("provision", {"ends_on": None}, "Enter the last day"),
            (
                "provision",
                {"starts_on": TODAY - dt.timedelta(1)},
                "The first day has passed: enter one that is still to come",
            ),
            ("provision", {"budget_pence": None}, "Enter what you expect it to cost in all"),
        ],
    )
    def test_of_what_stands_in_columns(self, part, plain, said):
        assert lacks(part, plain=plain) == [said]

    @pytest.mark.parametrize(
        ("part", "content", "said"),
        [
            ("provision", {"weekdays": ()}, "Choose the weekdays"),
            ("needs", {"needs": ()}, "Choose at least one need"),
            ("needs", {"outline": ""}, "Write the outline that providers read"),
            ("needs", {"need": ""}, "Write what the chosen provider has to know"),
            ("needs", {"risks": ""}, "Write the risks, or that there are none"),
            ("targets", {"targets": ()}, "Write at least one target"),
            ("targets", {"targets": (Target("", "Register", "2026-12-01"),)}, "Write what target 1 is"),
            ("targets", {"targets": (Target("Comes", "", "2026-12-01"),)}, "Write how target 1 is measured"),
            ("targets", {"targets": (Target("Comes", "R", ""),)}, "Enter the day by which target 1 is to be met"),
            ("targets", {"exit_plan": ""}, "Write what comes after"),
            ("funding", {"shares": ()}, "Enter who pays"),
            (
                "funding",
                {"shares": (Share("A", 60), Share("B", 30))},
                "The shares add up to 90%: they have to add up to 100%",
            ),
            ("views", {"consent": ""}, "Choose how it stands with consent"),
            ("views", {"consent_by": ""}, "Enter who gave consent"),
            ("views", {"consent_on": ""}, "Enter the day on which consent was given"),
            ("views", {"consent": "refused"}, "Write what was said when consent was refused, and why you go on"),
            ("views", {"consent": "not_needed"}, "Write why consent is not needed"),
            ("views", {"consent": "waiting"}, "Consent has been asked for: write down the answer before you go on"),
            ("views", {"pupil_heard": ""}, "Say whether you heard the pupil"),
            ("views", {"pupil_view": ""}, "Write what the pupil said"),
            (
                "views",
                {"parent_heard": "not_sought", "parent_view": ""},
                "Write why you did not ask the parent or carer",
            ),
            ("contact", {"phone_who": ""}, "Enter whom the provider may ring"),
            ("contact", {"phone": ""}, "Enter their telephone number"),
        ],
    )
    def test_of_what_is_sealed(self, part, content, said):
        assert lacks(part, content=content) == [said]

    def test_after_16_is_for_the_phase_after_16(self):
        after = {"reason": "post_16", "basis": "post_16"}

        assert lacks("why", plain=after) == [
            "The basis after 16 is for pupils who may leave school: choose another, or the age phase 16+"
        ]
        assert lacks("why", plain=after | {"phase": "post_16"}) == []

    @pytest.mark.parametrize(
        ("plain", "content"),
        [
            ({"basis": "s19"}, {"basis_why": "The council asked us to"}),
            ({"starts_on": TODAY}, {}),
            ({"reason": "early", "basis": "early", "trigger_on": None}, {}),
            ({}, {"consent": "refused", "consent_why": "A direction needs none"}),
            ({}, {"shares": (Share("A", 60), Share("B", 40))}),
        ],
    )
    def test_what_is_enough(self, plain, content):
        assert lacks("why", plain=plain, content=content) == []


class TestBases:
    @pytest.mark.parametrize(
        ("reason", "basis", "kind", "asked", "never"),
        [
            ("excluded", "s19", "authority", "", False),
            ("excluded", "s19", "school", "Section 19 is a duty of the council", False),
            ("excluded", "early", "school", "the usual basis is section 19. Say why", False),
            ("excluded", "s29a", "school", "the usual basis is section 19. Say why", False),
            ("suspended", "s100", "school", "", False),
            ("suspended", "s100", "trust", "", False),
            ("suspended", "s100", "authority", "pupil referral unit", False),
            ("behaviour", "s100", "school", "for a suspension of more than five", True),
            ("behaviour", "s29a", "school", "", False),
            ("behaviour", "s29a", "trust", "", False),
            ("behaviour", "s29a", "authority", "not by a council", True),
            ("medical", "s19", "authority", "", False),
            ("medical", "early", "school", "", False),
            ("medical", "early", "authority", "the school’s own", False),
            ("sen", "eotas", "authority", "", False),
            ("sen", "eotas", "school", "arranged by the council", True),
            ("sen", "eotas", "trust", "arranged by the council", True),
            (
                "sen",
                "post_16",
                "school",
                "the usual basis is section 19 or section 61 or the school’s own early",
                False,
            ),
            ("post_16", "post_16", "school", "", False),
        ],
    )
    def test_what_fits(self, reason, basis, kind, asked, never):
        found = bases.fit(reason, basis, kind)

        assert (found.never, bool(found.why)) == (never, bool(asked))
        assert asked in found.why

    def test_every_combination_has_an_answer_and_every_reason_a_usual_basis(self):
        assert all(
            bases.fit(reason, basis, kind)
            for reason in Reason
            for basis in Basis
            for kind in ("school", "trust", "authority")
        )
        assert {reason for reason in Reason if bases.USUAL[reason]} == set(Reason)

    def test_the_table_for_readers(self):
        told = dict(bases.in_words("school"))

        assert told["Suspension of more than five school days"] == "section 100"
        assert told["Permanent exclusion"] == ""
        assert dict(bases.in_words("authority"))["Special educational needs"] == "section 19 or section 61"


class TestWhatIsTold:
    @pytest.mark.parametrize(
        ("born", "band"),
        [
            ("2023-09-29", "under 5"),
            ("2021-09-28", "5 to 7"),
            ("2018-09-29", "5 to 7"),
            ("2018-09-28", "8 to 10"),
            ("2012-09-29", "11 to 13"),
            ("2012-09-28", "14 to 16"),
            ("2004-01-01", "20 to 22"),
            ("2001-01-01", "23 or over"),
        ],
    )
    def test_an_age_is_a_band(self, born, band):
        assert rules.ages(dt.date.fromisoformat(born), dt.date(2026, 9, 28)) == band

    def test_nobody_is_younger_than_born(self):
        with pytest.raises(ValueError, match="Born after"):
            rules.ages(dt.date(2027, 1, 1), dt.date(2026, 9, 28))

    @pytest.mark.parametrize(
        ("postcode", "area"), [("LK1 1AA", "LK1"), ("sw1a2aa", "SW1A"), ("", ""), ("LK", ""), ("not a postcode", "")]
    )
    def test_an_area_is_half_a_postcode(self, postcode, area):
        assert rules.area(postcode) == area

    def test_the_need_has_no_more_than_its_fields(self):
        found = rules.need(PLAIN, CONTENT, born_on=dt.date(2012, 5, 4), postcode="LK1 1AA", has_ehcp=True)

        assert (found.ages, found.area, found.minutes, found.starts_on) == ("14 to 16", "LK1", 600, "2026-09-28")
        assert (found.outline, found.targets, found.has_ehcp) == (CONTENT.outline, 1, True)


class TestChecks:
    @pytest.mark.parametrize("state", ReferralState)
    def test_what_may_be_changed_when(self, state):
        free = state in {"draft", "approval", "ready"}

        assert rules.may_change(state, "needs") == free
        assert rules.may_change(state, "contact") == (state != "closed")
        if free:
            rules.check_may_change(state, "needs")
        else:
            with pytest.raises(Refused, match=r"tart another"):
                rules.check_may_change(state, "needs")

    @pytest.mark.parametrize(
        ("check", "given", "said"),
        [
            (rules.check_open, ("closed",), "is closed"),
            (rules.check_pupil, (True,), "merged"),
            (rules.check_days, (TODAY, TODAY - dt.timedelta(1)), "before the first"),
            (rules.check_to_send, ("ready", True), "checked already"),
            (rules.check_to_send, ("draft", False), "Look at it again"),
            (rules.check_complete, ({"why": [], "needs": ["Write it"]},), "Needs and risks: write it"),
            (rules.check_still_whole, ("views", {"views": ["Write it"]}), "Write it"),
            (rules.check_room, (30,), "30 documents"),
            (rules.check_there, (TODAY,), "removed already"),
        ],
    )
    def test_a_refusal_says_why(self, check, given, said):
        with pytest.raises(Refused, match=said):
            check(*given)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("Quillon EHCP.PDF", "referral-document.pdf"),
            ("plan.docx", "referral-document.docx"),
            ("Quillon", "referral-document"),
            (".Quillon", "referral-document"),
            ("plan.Quillon S", "referral-document"),
        ],
    )
    def test_a_file_keeps_nothing_of_its_name_but_its_kind(self, name, kept):
        assert rules.file_name(name) == kept

    def test_what_is_right_passes(self):
        rules.check_open("draft")
        rules.check_pupil(False)
        rules.check_days(TODAY, TODAY)
        rules.check_days(None, TODAY)
        rules.check_to_send("draft", True)
        rules.check_complete({"why": []})
        rules.check_still_whole("views", {"views": []})
        rules.check_room(29)
        rules.check_there(None)


class TestApproval:
    @pytest.mark.parametrize(
        ("limit", "approved", "pence", "covered"),
        [
            (500_000, None, 500_000, True),
            (500_000, None, 500_001, False),
            (500_000, 900_000, 900_000, True),
            (500_000, 900_000, 900_001, False),
            (500_000, 100_000, 400_000, True),
            (0, None, 0, True),
            (0, None, 1, False),
            (0, 1, 1, True),
        ],
    )
    def test_what_is_covered(self, limit, approved, pence, covered):
        assert approval.covers(limit, approved, pence) is covered

    @pytest.mark.parametrize(
        ("yes", "up_to", "reason", "field"),
        [(True, None, "", "up_to_pence"), (True, 899_999, "", "up_to_pence"), (False, None, "", "answer")],
    )
    def test_an_answer_that_says_too_little(self, yes, up_to, reason, field):
        with pytest.raises(Refused) as refusal:
            approval.check_answer(yes, up_to, 900_000, reason)

        assert refusal.value.field == field

    def test_an_answer_that_says_enough(self):
        approval.check_answer(True, 900_000, 900_000, "")
        approval.check_answer(False, None, 900_000, "Too much")
        approval.check_open(False)
        with pytest.raises(Refused, match="answered this already"):
            approval.check_open(True)
