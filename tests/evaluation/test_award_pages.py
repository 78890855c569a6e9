"""The pages of awards: proposing, reading, approving, publishing, taking back."""

from __future__ import annotations

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from evaluation.models import AwardLine, AwardSet, Evaluation, Reversal
from evaluation.rules.standstill import last_day
from lots.models import Place
from lots.queries.places import end_of
from tests.evaluation.awarding import awarded, checked, limited, propose, told
from tests.evaluation.made import evaluation


def taken(client, url: str) -> bytes:
    """A file as it is downloaded."""
    return b"".join(client.get(url).streaming_content)


def test_max_proposes_and_fay_checks_and_approves(world, sign_in):
    made = checked(world, count=4, fails=[(2, "1.1")])
    max_, fay = sign_in(world.max), sign_in(world.fay)
    assert "Propose an award" in max_.get(f"/evaluations/{made.pk}/awards/").text

    page = max_.get(f"/evaluations/{made.pk}/awards/propose/").text
    assert "4, and 2 on lots that come with the others" in page
    assert "0 now, 2 with this award. The limit is 100" in page
    shown = max_.post(f"/evaluations/{made.pk}/awards/propose/", {"note": "As planned"}, follow=True).text
    award = AwardSet.objects.get()
    assert "The award is proposed" in shown
    assert "Failed on quality: 1 Safety." in shown
    assert "£45.00" in shown

    page = fay.get(f"/awards/{award.pk}/approve/").text
    assert "Approve the whole award" in page
    assert "3 on at least one lot" in page
    shown = fay.post(f"/awards/{award.pk}/approve/", follow=True).text
    assert "Its letters are being made" in shown
    assert Place.objects.count() == 6
    refused = fay.post(f"/awards/{award.pk}/approve/").text
    assert "so this is no longer possible" in refused


def test_over_a_limit_the_rule_is_applied_on_the_page(world, sign_in):
    made = limited(checked(world), most=1, rule="The lowest price first.")
    max_, url = sign_in(world.max), f"/evaluations/{made.pk}/awards/propose/"

    page = max_.get(url).text
    assert "2 providers would be on the framework, and the limit is 1" in page
    assert "The lowest price first." in page
    assert "Birch Farm" in page

    for typed, said in [
        ("2 ranked second", "Line 1 is not a bid’s number"),
        ("2: second\n2: second", "Line 2 names the same bid"),
        ("9: second", "There is no bid 9"),
        ("2, lot 9: second", "There is no lot 9"),
        ("2, lot 2: second", "Bid 2 did not pass there"),
        ("", "Apply the published selection rule"),
    ]:
        shown = max_.post(url, {"left_out": typed, "rule_applied": "Ranked", "note": "Mine"}).text
        assert said in shown
        assert "Mine" in shown
    max_.post(url, {"left_out": "Bid 2, lot 1: ranked second of 1.\n\n", "rule_applied": "Ranked by price"})

    assert set(AwardLine.objects.filter(cause="limit").values_list("bid__number", "reason")) == {
        (2, "ranked second of 1.")
    }


def test_without_a_published_rule_the_way_to_the_limit_is_shown(world, sign_in):
    made = limited(checked(world), most=1)

    page = sign_in(world.max).get(f"/evaluations/{made.pk}/awards/propose/").text

    assert "No rule was published." in page
    assert f"/frameworks/{made.framework_id}/limits/" in page
    assert "Propose this award" not in page


def test_too_early_and_with_an_interest_the_page_says_so(world, sign_in):
    made = evaluation(world, read=False)
    url = f"/evaluations/{made.pk}/awards/propose/"
    assert "only while the evaluation is at" in sign_in(world.max).get(url).text
    assert "only while the evaluation is at" in sign_in(world.max).post(url, {}).text

    Evaluation.objects.update(stage="checked")
    made.conflicts.create(person=world.max, provider=world.ash_house, text="x", noted_at=timezone.now())
    assert "Somebody else decides about this award" in sign_in(world.max).get(url).text


def test_lines_are_narrowed_and_taken_away(world, sign_in):
    award = propose(checked(world, count=4, fails=[(2, "1.1")]), world)
    client, url = sign_in(world.max), f"/awards/{award.pk}/"
    lot = award.evaluation.framework.lots.get(number="1").pk

    def shown(query) -> list[bool]:
        page = client.get(url + query).text
        return [f"<bdi>{name}</bdi><br>" in page for name in ("Ash House", "Birch Farm", "Provider 003")]

    assert shown("") == [True, True, True]
    assert shown("?result=awarded") == [True, False, True]
    assert shown("?result=quality") == [False, True, False]
    assert shown(f"?words=birch&lot={lot}") == [False, True, False]
    csv = taken(client, f"{url}lines.csv?result=quality").decode()
    assert csv.splitlines()[1].startswith("Birch Farm,2,1,Vocational,B,A theme of the quality standards was failed,")
    assert csv.splitlines()[1].endswith("Half-day session,42.00")
    assert len(csv.splitlines()) == 3


def test_the_xlsx_has_every_line(world, sign_in, tmp_path):
    award = propose(checked(world), world)
    file = tmp_path / "lines.xlsx"
    file.write_bytes(taken(sign_in(world.fay), f"/awards/{award.pk}/lines.xlsx"))

    rows = list(load_workbook(file).active.values)

    assert rows[0][:4] == ("Provider", "Bid", "Lot", "Lot title")
    assert [row[5] for row in rows[1:]] == ["Awarded"] * 4


def test_whoever_has_an_interest_meets_no_line_of_that_bidder(world, sign_in):
    award = awarded(world)
    award.evaluation.conflicts.create(person=world.eve, provider=world.ash_house, text="x", noted_at=timezone.now())
    client = sign_in(world.eve)

    page = client.get(f"/awards/{award.pk}/").text
    csv = taken(client, f"/awards/{award.pk}/lines.csv").decode()

    assert "Ash House" not in page + csv
    assert "Birch Farm" in page
    assert len(csv.splitlines()) == 3


@pytest.mark.parametrize(("stage", "seen"), [("awarded", True), ("judging", True)])
def test_an_approved_award_stays_readable_for_the_panel(world, sign_in, stage, seen):
    award = awarded(world)
    Evaluation.objects.update(stage=stage)
    waiting = AwardSet.objects.get(pk=award.pk)
    waiting.pk, waiting.number, waiting.state, waiting.decided_by, waiting.decided_at = None, 2, "void", None, None
    waiting.save()

    client = sign_in(world.eve)
    page = client.get(f"/evaluations/{award.evaluation_id}/awards/").text

    assert (f"/awards/{award.pk}/" in page) == seen
    assert client.get(f"/awards/{award.pk}/").status_code == 200
    assert (f"/awards/{waiting.pk}/" in page) == (stage == "awarded")
    assert client.get(f"/awards/{waiting.pk}/").status_code == (200 if stage == "awarded" else 403)


def test_the_publication_is_recorded_and_corrected(world, sign_in):
    award = told(awarded(world))
    max_, url = sign_in(world.max), f"/awards/{award.pk}/publication/"
    today = timezone.localdate()
    days = {"published_on_0": today.day, "published_on_1": today.month, "published_on_2": today.year}
    typed = {"notice_number": f"012345-{today.year}"} | days

    assert "like 012345-2026" in max_.post(url, typed | {"notice_number": "12345"}).text
    assert "Enter the notice number" in max_.post(url, {}).text
    shown = max_.post(url, typed, follow=True).text
    assert f"012345-{today.year}, published" in shown
    assert "Correct the publication" in max_.get(url).text
    max_.post(url, typed | {"notice_number": f"999999-{today.year}"})
    assert AwardSet.objects.get().notice_number == f"999999-{today.year}"
    AwardSet.objects.update(waits_until=timezone.now())
    assert "this cannot change any more" in max_.get(url).text
    assert end_of(last_day(today)) > timezone.now()


def test_an_award_is_taken_back_on_the_pages(world, sign_in):
    award = awarded(world)
    max_, fay = sign_in(world.max), sign_in(world.fay)
    line = AwardLine.objects.filter(awarded=True).first()

    shown = max_.post(f"/award-lines/{line.pk}/take-back/", {"reason": "Not genuine"}, follow=True).text
    asked = Reversal.objects.get()
    assert "An approver who did not ask for it confirms it" in shown
    assert "asked already" in max_.post(f"/award-lines/{line.pk}/take-back/", {"reason": "Not genuine"}).text
    assert "Waits to be taken back" in max_.get(f"/awards/{award.pk}/").text
    assert f"/awards-taken-back/{asked.pk}/" in fay.get(f"/evaluations/{award.evaluation_id}/awards/").text
    fay.post(f"/awards-taken-back/{asked.pk}/drop/")
    assert not Reversal.objects.exists()

    max_.post(f"/award-lines/{line.pk}/take-back/", {"reason": "Not genuine"})
    asked = Reversal.objects.get()
    shown = fay.post(f"/awards-taken-back/{asked.pk}/", follow=True).text
    assert "Taken back" in shown
    assert "An award was taken back" in fay.get(f"/awards-taken-back/{asked.pk}/").text
    assert "taken back already" in fay.post(f"/awards-taken-back/{asked.pk}/drop/", follow=True).text


def test_sent_back_on_the_page(world, sign_in):
    award = propose(checked(world), world)
    fay = sign_in(world.fay)

    assert "Enter why it is sent back" in fay.post(f"/awards/{award.pk}/send-back/", {"note": ""}).text
    shown = fay.post(f"/awards/{award.pk}/send-back/", {"note": "Name the lots"}, follow=True).text

    assert "Sent back" in shown
    assert "Name the lots" in fay.get(f"/awards/{award.pk}/").text
