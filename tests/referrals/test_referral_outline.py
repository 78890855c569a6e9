"""The outline that every provider reads tells nobody who the pupil is."""

from __future__ import annotations

import datetime as dt

import pytest

from referrals.rules.outline import Names, folded, telling

NAMES = Names(
    people=("Quillon Zephyrine", "Quillsworth", "Zeph", "Brannigan-Øst", "José Ng", "O’Neil", "Annemarie", "May Will"),
    schools=("Elm Grove School", "St Oswin’s C of E Primary School", "Thornbridge Academy", "Park School"),
    streets=("1 Canary Wharf Lane", "Flat 2, 14b Ropewalk"),
    numbers=("B801200005001", "1234567890"),
    postcode="LK1 1AA",
    born_on=dt.date(2012, 5, 4),
)


@pytest.mark.parametrize(
    ("outline", "found"),
    [
        ("Quillon needs quiet", "Quillon"),
        ("needs quiet, QUILLON said", "QUILLON"),
        ("it is quillon’s wish", "quillon’s"),
        ("it is Quillon's wish", "Quillon's"),
        ("the Quillsworths agree", "Quillsworths"),
        ("zéph likes to cook", "zéph"),
        ("was called Brannigan", "Brannigan"),
        ("the Ost family", "Ost"),
        ("Jose is the uncle", "Jose"),
        ("ask Ng", "Ng"),
        ("ask O Neil", "O Neil"),
        ("ask ONeil", "ONeil"),
        ("her aunt Anne-Marie", "Anne-Marie"),
        ("ask May about it", "May"),
        ("has been at Elm Grove", "Elm Grove"),
        ("has been at elm-grove school", "elm-grove school"),
        ("left St Oswin's", "Oswin's"),
        ("left St Oswin", "Oswin"),
        ("left THORNBRIDGE", "THORNBRIDGE"),
        ("left the Park School", "Park School"),
        ("lives near Canary Wharf", "Canary Wharf"),
        ("lives on the Ropewalk", "Ropewalk"),
        ("UPN B801200005001", "B801200005001"),
        ("UPN b801 2000 05001", "b801 2000 05001"),
        ("ULN 12345 67890", "12345 67890"),
        ("lives in LK1 1AA", "LK1 1AA"),
        ("lives in lk11aa", "lk11aa"),
        ("ring 07700 900123", "07700 900123"),
        ("ring +44 (0)7700-900-123.", "+44 (0)7700-900-123"),
        ("write to mum@home.example.", "mum@home.example"),
        ("born on 4 May 2012", "4 May 2012"),
        ("born 4th of May 2012", "4th of May 2012"),
        ("born 04/05/12", "04/05/12"),
        ("born 2012-05-04", "2012-05-04"),
    ],
)
def test_what_tells_is_found_as_it_stands_there(outline, found):
    assert telling(outline, NAMES) == found


@pytest.mark.parametrize(
    "outline",
    [
        "",
        "Needs a small group and time to settle",
        "May need a taxi. Will come by bus",
        "she may start late and will need help",
        "likes the park and the grove of elms",
        "was born in 2012, is 14",
        "a school with small classes",
        "starts on 4 May 2027",
        "10 hours a week, 2 days, from 28 9 2026 to 18 12 2026",
        "has an education, health and care plan",
    ],
)
def test_what_tells_nobody_passes(outline):
    assert telling(outline, NAMES) == ""


def test_a_pupil_of_whom_little_is_known():
    assert telling("Anybody from anywhere, born 4 May 2012", Names()) == ""


def test_folding():
    assert folded("Søren  O’Neil-Łukasz Jr.") == "soren oneil lukasz jr"
