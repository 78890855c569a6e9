"""What somebody searches the directory by, and why a place is on a shortlist."""

from __future__ import annotations

from dataclasses import replace

from crispy_forms_gds.layout import Field
from django import forms
from django.http import QueryDict

from accounts.filters import SearchField
from accounts.forms.fields import IdentifierField, helper
from accounts.rules import identifiers
from core.fields import LinesField, MoneyField
from lots.states import Mode, Phase, Unit
from providers.rules.seats import WEEK, half_in_words
from providers.states import Half, Need
from referrals.rules.directory import MILES, Point, Search

WAYS_TO_TEACH = [(mode.value, mode.label) for mode in Mode if mode != Mode.ANY]
REGISTERED = [("yes", "Registered schools"), ("no", "Not registered as a school")]
ORDERS = [("", "No order: drawn by lot"), ("distance", "Nearest first"), ("price", "Lowest price first")]
CODES = [f"{weekday}-{half}" for weekday, half in WEEK]


def _choice(label: str, choices, empty: str | None, **kwargs) -> forms.ChoiceField:
    """A list to select from; anything else is refused in words that give nothing back."""
    choices = [("", empty), *choices] if empty is not None else list(choices)
    wrong = {"invalid_choice": f"{label}: choose one that is listed"}
    return forms.ChoiceField(label=label, choices=choices, required=False, error_messages=wrong, **kwargs)


def _lots(lots) -> list:
    """The lots, under their frameworks where there are several: (key, label) each."""
    by_framework: dict[str, list] = {}
    for lot in lots.values():
        said = f"Lot {lot.number}: {lot.title}"
        by_framework.setdefault(lot.framework_title, []).append((str(lot.pk), said))
    return (
        list(by_framework.items())
        if len(by_framework) > 1
        else [one for group in by_framework.values() for one in group]
    )


class SearchForm(forms.Form):
    """A search by GET. What cannot be read narrows nothing and says so; everything else still does."""

    lot = _choice("Lot", [], None)
    phase = _choice("Age phase", Phase.choices, "All phases")
    need = _choice("Set up for", Need.choices, "All needs")
    mode = _choice("Where it teaches", WAYS_TO_TEACH, "Anywhere")
    postcode = IdentifierField(rule=identifiers.postcode, label="Distance from postcode", required=False)
    within = _choice("Largest distance", [(str(miles), f"{miles} miles") for miles in MILES], "Any distance")
    registered = _choice("Registered school", REGISTERED, "Registered or not")
    unit = _choice("Price for one", [(unit.value, unit.label) for unit in Unit], "Any unit")
    most = MoneyField(label="Highest price without VAT", required=False, help_text="For example, 45 or 62.50")
    order = _choice("Order", ORDERS, None)

    def __init__(self, *args, lots, home: Point | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.lots, self.home = lots, home
        self.fields["lot"].choices = [("", "All lots"), *_lots(lots)]
        frameworks = {lot.framework: lot.framework_title for lot in lots.values()}
        if len(frameworks) > 1:
            choices = [(str(pk), title) for pk, title in frameworks.items()]
            self.fields = {"framework": _choice("Framework", choices, "All frameworks")} | self.fields

    @property
    def code(self) -> str:
        """The postcode to measure from, in its usual spelling; empty where none was typed that could be one."""
        self.is_valid()
        return self.cleaned_data.get("postcode", "") if self.is_bound else ""

    def search(self, week: Week, point: Point | None) -> Search:
        """What was asked for, as far as it could be read. `point` is where the postcode is. Says on the fields what
        cannot be done."""
        self.is_valid()
        asked = self.cleaned_data if self.is_bound else {}
        if asked.get("postcode") and point is None:
            words = "We do not know where this postcode is. Check it, or leave it empty"
            self.add_error("postcode", words)
        made = Search(
            framework=_number(asked.get("framework")),
            lot=_number(asked.get("lot")),
            phase=asked.get("phase", ""),
            need=asked.get("need", ""),
            mode=asked.get("mode", ""),
            unit=asked.get("unit", ""),
            most_pence=asked.get("most"),
            registered=asked.get("registered", ""),
            halves=week.chosen,
            known_only=week.known,
            point=point or self.home,
            within=_number(asked.get("within")),
            order=asked.get("order", ""),
        )
        return self._as_far_as_it_goes(made)

    def _as_far_as_it_goes(self, made: Search) -> Search:
        if (made.most_pence is not None or made.order == "price") and not made.unit:
            self.add_error("unit", "Select what the price is for, like an hour or a day")
            made = replace(made, most_pence=None, order="" if made.order == "price" else made.order)
        if (made.within or made.order == "distance") and made.point is None:
            if "postcode" not in self.errors:
                self.add_error("postcode", "Enter a postcode to measure the distance from")
            made = replace(made, within=None, order="" if made.order == "distance" else made.order)
        return made


def _number(text: str | None) -> int | None:
    return int(text) if text else None


class Week:
    """On which halves of the week somebody needs a free place: `chosen` are (weekday, half), 0 is Monday. `known` is
    whether providers that have not confirmed their free places lately are left out. What is neither counts for nothing.
    """

    def __init__(self, sent: QueryDict):
        ticked = set(sent.getlist("free"))
        self.chosen = tuple(half for half, code in zip(WEEK, CODES, strict=True) if code in ticked)
        self.known = sent.get("known") == "on"

    @property
    def rows(self) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        """The boxes to tick, by half of the day: (value, words, ticked) each."""
        return [
            (
                part.label,
                [
                    (f"{day}-{half}", half_in_words(day, half), (day, half) in self.chosen)
                    for day, half in WEEK
                    if half == part
                ],
            )
            for part in Half
        ]


class ReasonForm(forms.Form):
    """Why a place is on the shortlist."""

    reason = LinesField(
        what="The reason",
        longest=500,
        label="Why is it on your shortlist?",
        help_text="Everybody at your organisation reads this. Say nothing that a pupil could be known by",
        error_messages={"required": "Enter the reason, like “Takes secondary pupils near the station”"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(Field.textarea("reason", rows=3), submit="Put it on the shortlist")


class FindForm(forms.Form):
    """A search of the public directory: nothing of prices, free places or suspensions. What cannot be read narrows
    nothing and says so."""

    lot = _choice("Lot", [], None)
    phase = _choice("Age phase", Phase.choices, "All phases")
    need = _choice("Set up for", Need.choices, "All needs")
    mode = _choice("Where it teaches", WAYS_TO_TEACH, "Anywhere")
    town = SearchField(label="Town", required=False)
    registered = _choice("Registered school", REGISTERED, "Registered or not")

    def __init__(self, *args, lots, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lot"].choices = [("", "All lots"), *_lots(lots)]

    def asked(self) -> dict:
        """What was asked for, as far as it could be read."""
        self.is_valid()
        asked = self.cleaned_data if self.is_bound else {}
        return {name: asked.get(name) or "" for name in self.fields} | {"lot": _number(asked.get("lot"))}
