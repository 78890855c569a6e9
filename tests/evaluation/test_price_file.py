"""The rules of a list of prices: what is read, what is refused with its line, and what each price comes to."""

from __future__ import annotations

import io
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import price_file as rules
from evaluation.rules.price_file import BadPriceFile, Price, checked, read_csv, read_rows

HEAD = "pool,provider,price\n"


def prices_of(text: str | bytes, **options) -> list[tuple]:
    raw = text if isinstance(text, bytes) else text.encode()
    return [tuple(price) for price in read_csv(io.BytesIO(raw), **options)]


def faults_of(text: str | bytes, **options) -> list[str]:
    with pytest.raises(BadPriceFile) as caught:
        prices_of(text, **options)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pool,provider,price\nL1,Ash,45\n", [(2, "L1", "Ash", 4500)]),
        ("\ufeffpool,provider,price\r\nL1,Ash,45.5\r\n", [(2, "L1", "Ash", 4550)]),
        ("pool,provider,price\rL1,Ash,45\rL1,Birch,46\r", [(2, "L1", "Ash", 4500), (3, "L1", "Birch", 4600)]),
        ('"Price","Pool", "Provider"\n"£1,234.50",L1,"Ash, House"', [(2, "L1", "Ash, House", 123450)]),
        ("pool;provider;price\nL1;Ash;1,234.50\n", [(2, "L1", "Ash", 123450)]),
        ("pool\tprovider\tprice\nL1\tAsh\t £ 45 \n", [(2, "L1", "Ash", 4500)]),
        ("sep=;\npool;provider;price\nL1;Ash;45\n", [(3, "L1", "Ash", 4500)]),
        ("\n\npool,provider,price\n\n,,\nL1,Ash,45\n ,\u00a0,\n", [(6, "L1", "Ash", 4500)]),
        ("pool,provider,price\n  L1 ,  Ash   House ,45,,\n", [(2, "L1", "Ash House", 4500)]),
        ("note,pool,provider,price,more\nx,L1,Ash,45,y\n", [(2, "L1", "Ash", 4500)]),
        ('pool,provider,price\nL1,"Ash\nHouse",45\nL1,"Birch ""B""",46\n',
         [(2, "L1", "Ash House", 4500), (4, "L1", 'Birch "B"', 4600)]),
        ("pool,provider,price\nÖst,Ünal,0.01\n", [(2, "Öst", "Ünal", 1)]),
    ],
)  # fmt: skip
def test_what_is_read(text, expected):
    assert prices_of(text) == expected


SAVE_AS = "In the spreadsheet, choose “Save as” and “CSV UTF-8”"
MONEY = "Enter an amount in pounds and pence, like 45 or 1,234.50"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "The file is empty"),
        ("\n \n", "The file is empty"),
        ("\ufeff", "The file is empty"),
        (HEAD, "There is no price under the headings"),
        ("pool,provider\nL1,Ash\n", "Line 1: The columns must be called pool, provider and price. Missing: price"),
        ("\n40,42\n", "Line 2: The columns must be called pool, provider and price. Missing: pool, provider, price"),
        ("pool,price,provider,Price\n", "Line 1: There are two columns called price. Keep one of them"),
        (HEAD + ",Ash,45", "Line 2: There is no pool. Enter its name"),
        (HEAD + "L1, ,45", "Line 2: There is no provider. Enter its name"),
        (HEAD + "L1,Ash", f"Line 2: There is no price. {MONEY}"),
        (HEAD + "L1,=A1,45", "Line 2: The provider is a formula. Copy the column and paste it as values"),
        (HEAD + "L1,Ash,=A1", "Line 2: The price is a formula. Copy the column and paste it as values"),
        (HEAD + "L1,Ash,1e3", f"Line 2: “1e3” is not a price. {MONEY}"),
        (HEAD + "L1,Ash,٣٣", f"Line 2: “٣٣” is not a price. {MONEY}"),
        (HEAD + "L1,Ash,-0", f"Line 2: “-0” is not a price. {MONEY}"),
        (HEAD + "L1,Ash,NaN", f"Line 2: “NaN” is not a price. {MONEY}"),
        (HEAD + "L1,Ash,1_000", f"Line 2: “1_000” is not a price. {MONEY}"),
        (HEAD + "L1,Ash,4\x1b5", f"Line 2: “4\ufffd5” is not a price. {MONEY}"),
        (HEAD + f"L1,Ash,{'9' * 50}", f"Line 2: “{'9' * 40}…” is not a price. Enter an amount under £100 billion"),
        (HEAD + "L1,Ash,45.005",
         f"Line 2: “45.005” is not a price. {MONEY}, with no more than two decimal places"),
        (HEAD + "L1,Ash,0.00", f"Line 2: A price of nothing cannot be compared. {MONEY}, or leave the line out"),
        (HEAD + "L1,Ash,1,234.50",
         "Line 2: There are more values than headings. Put a price or name that holds a comma between quotes, "
         'like "1,234.50"'),
        ("pool,provider,price,note\nL1,Ash,1,234.50",
         'Line 2: Is the price 1 or "1,234.50"? Put a price with a comma between quotes'),
        (HEAD + "L1,Ash,45\nL1,Birch,46\nL1,Ash,47",
         "Line 4: Ash already has a price in the pool “L1”, on line 2. Keep one of them"),
        (HEAD + "Lot 1,Ash,45\nLOT 1,Birch,46",
         "Line 3: “LOT 1” is written “Lot 1” on line 2. Write the name of a pool the same everywhere"),
        (HEAD + "L1,Äsh,45\nL2,Ä\u200bsh,46",
         "Line 3: “Ä\u200bsh” is written “Äsh” on line 2. Write the name of a provider the same everywhere"),
        (HEAD + f"L1,{'a' * 201},45", "Line 2: The name of the provider is longer than 200 characters. Shorten it"),
        (HEAD + "L1,A\x07sh,45",
         "Line 2: The name of the provider holds a sign that cannot be shown. Type the name again"),
        (HEAD + 'L1,"Ash,45\nL1,Birch,46\n', "Line 2: The quotes do not match. Write a quote inside a value twice"),
        (HEAD + 'L1,"Ash" House,45', "Line 2: The quotes do not match. Write a quote inside a value twice"),
        (HEAD + "L1,A\0sh,45", f"Line 2: There is a sign (NUL) that no text holds. {SAVE_AS}"),
        ((HEAD + "L1,Ünal,45").encode("latin-1"), f"Line 2: The text is not UTF-8. {SAVE_AS}"),
        ((HEAD + "L1,Ash,45").encode("utf-16"),
         f"The file is “Unicode text” (UTF-16), not CSV. {SAVE_AS}"),
        (b"PK\x03\x04...", f"The file is a workbook, not CSV. {SAVE_AS}"),
        (HEAD + "x" * 70_000, "Line 2: The line is longer than 64 KB. Is this a CSV file?"),
    ],
)  # fmt: skip
def test_what_is_refused_with_its_line(text, fault):
    assert faults_of(text) == [fault]


def test_faults_are_told_together_up_to_twenty():
    with pytest.raises(BadPriceFile) as some:
        prices_of(HEAD + "L1,Ash,x\nL1,Birch,45\nL1,Cedar,y\n")
    with pytest.raises(BadPriceFile) as many:
        prices_of(HEAD + "L1,Ash,x\n" * 30)

    assert [fault.line for fault in some.value.faults] == [2, 4]
    assert (len(many.value.faults), some.value.more, many.value.more) == (20, False, True)


def test_a_list_is_only_so_long():
    text = HEAD + "L1,Ash,1\nL1,Birch,2\nL1,Cedar,3\n"

    assert len(prices_of(text, most=3)) == 3
    assert faults_of(text, most=2) == ["Line 4: The list has more than 2 prices. Check it in parts, each pool whole"]


def test_rows_without_anything_are_an_empty_list():
    with pytest.raises(BadPriceFile, match="The file is empty"):
        read_rows(iter([]))


def test_what_was_read_is_read_again_the_same():
    prices = read_csv(io.BytesIO(b'pool,provider,price\n"L 1","A, B",1234.5\nL2,"C ""c""",1\n'))

    again = read_csv(io.BytesIO(rules.as_csv(prices).encode()))
    assert [price[1:] for price in again] == [price[1:] for price in prices]


@pytest.mark.parametrize(
    ("pence", "mean", "limit", "passing", "flags"),
    [
        ([4000, 4200, 4500, 6000], ("187/4", "46.7500"), "56.10", [True, True, True, False], [(), (), (), ()]),
        ([4000, 4200, 4500, 6000, 15000], ("337/5", "67.4000"), "80.88", [True] * 4 + [False], [()] * 5),
        ([3000, 3000, 4000], ("100/3", "33.3333"), "40.00", [True] * 3, [()] * 3),
        ([3000, 3000, 4001], ("10001/300", "33.3367"), "40.00", [True, True, False], [()] * 3),
        ([1000, 4500, 4600, 4800], ("149/4", "37.2500"), "44.70", [True] + [False] * 3,
         [("unusually_low",), (), (), ()]),
        ([9999], ("9999/100", "99.9900"), "119.98", [True], [("sole_bidder",)]),
        ([100, 150], ("5/4", "1.2500"), "1.50", [True, True], [("fewer_than_three",)] * 2),
        ([100, 201], ("301/200", "1.5050"), "1.80", [True, False],
         [("fewer_than_three", "unusually_low"), ("fewer_than_three",)]),
    ],
)  # fmt: skip
def test_what_prices_come_to(pence, mean, limit, passing, flags):
    results = list(checked([Price(2 + at, "L1", f"P{at}", one) for at, one in enumerate(pence)], margin=20))

    assert {(str(row.mean), row.mean_in_decimals) for row in results} == {mean}
    assert {row.as_json()["limit"] for row in results} == {limit}
    assert [row.passes for row in results] == passing
    assert [row.flags for row in results] == flags


PRICES = st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 10**7)), min_size=1, max_size=40)


@given(PRICES, st.integers(0, 100))
def test_every_result_is_what_exact_fractions_say(given_prices, margin):
    prices = [Price(at, pool, f"P{at}", pence) for at, (pool, pence) in enumerate(given_prices, start=2)]

    for price, row in zip(prices, checked(prices, margin=margin), strict=True):
        pool = [Fraction(one.pence, 100) for one in prices if one.pool == price.pool]
        mean = sum(pool) / len(pool)
        limit = mean * Fraction(100 + margin, 100)
        assert (row.mean, row.count) == (mean, len(pool))
        assert row.passes == (Fraction(price.pence, 100) <= limit) == (price.pence <= row.upper)
        assert 0 <= limit - Fraction(row.upper, 100) < Fraction(1, 100)
        assert abs(Fraction(row.mean_in_decimals) - mean) <= Fraction(1, 20_000)


@given(PRICES)
def test_a_list_written_as_csv_says_the_same(given_prices):
    prices = [Price(at, pool, f"P{at}", pence) for at, (pool, pence) in enumerate(given_prices, start=2)]

    assert read_csv(io.BytesIO(rules.as_csv(prices).encode())) == prices


@pytest.mark.parametrize(("typed", "margin"), [("20", 20), (" 0 ", 0), ("100", 100), ("20 %", 20), ("007", 7)])
def test_a_margin_is_a_whole_number(typed, margin):
    assert rules.margin_of(typed) == margin


@pytest.mark.parametrize("typed", ["", "101", "-1", "12.5", "٢٠", "1e1", "1_0", "twenty", "9" * 5000])
def test_what_is_no_margin(typed):
    with pytest.raises(ValueError, match="whole number from 0 to 100"):
        rules.margin_of(typed)
