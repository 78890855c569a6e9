"""The parts of a referral that are rows: targets, and who pays. Rows are added by a button that saves; a row that is
emptied is gone."""

from __future__ import annotations

import datetime as dt

from crispy_forms_gds.layout import Field, Fieldset, Fixed, Size
from django import forms

from accounts.forms.fields import DayField, helper, narrow
from core.fields import LinesField, NameField
from lots.forms.fields import WholeField
from referrals.forms.referral import SAVE, PartForm, another
from referrals.rules.content import Share, Target
from referrals.rules.referral import MOST_SHARES, MOST_TARGETS


class RowsForm(PartForm):
    """`ROWS` is the name of the rows, `CELLS` the fields of one; `at_least` is how many are shown."""

    ROWS, MOST = "", 0
    CELLS: tuple[str, ...] = ()
    ANOTHER = ""

    def __init__(self, data=None, *, row, at_least: int = 1, **kwargs):
        initial = {}
        for number, one in enumerate(row[self.ROWS][: self.MOST], 1):
            initial |= {f"{cell}_{number}": value for cell, value in self.cells(one).items()}
        super().__init__(data, row=row, initial=initial, **kwargs)
        for number in range(1, self.MOST + 1):
            self.fields |= {f"{cell}_{number}": field for cell, field in self.made(number).items()}
        sent = [number for number in range(1, self.MOST + 1) if data is not None and self._is_sent(number)]
        self.shows = min(self.MOST, max(at_least, len(row[self.ROWS]), *sent, 1))

    def _is_sent(self, number: int) -> bool:
        names = {f"{cell}_{number}" for cell in self.CELLS}
        return any(name in names or name.rpartition("_")[0] in names for name, value in self.data.items() if value)

    def rows(self) -> list[dict]:
        """The rows that hold anything."""
        found = []
        for number in range(1, self.MOST + 1):
            cells = {cell: self.cleaned_data.get(f"{cell}_{number}") for cell in self.CELLS}
            if any(cells.values()):
                found.append(cells)
        return found

    def layout(self, look) -> list:
        """The rows that are shown; the others are not on the page."""
        return [look(number) for number in range(1, self.shows + 1)]

    def finish(self, *fields) -> None:
        """The layout with its buttons."""
        self.helper = helper("seen", *fields, submit=SAVE)
        if self.shows < self.MOST:
            another(self, self.ANOTHER)


class TargetsForm(RowsForm):
    """What is to be better by when, and what comes after."""

    exit_plan = LinesField(
        what="What comes after",
        longest=2000,
        label="What comes after",
        help_text="Where the pupil goes when this ends, and how you will prepare for it",
        required=False,
    )
    ROWS, MOST, CELLS = "targets", MOST_TARGETS, ("what", "measure", "by")
    ANOTHER = "Save and add another target"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.finish(*self.layout(self._look), Field("exit_plan"))

    def made(self, number):
        return {
            "what": NameField(
                what=f"Target {number}", longest=300, label="What is to be better", help_text=self._example(number),
                required=False,
            ),
            "measure": NameField(
                what="How it is measured", longest=300, label="How it is measured", required=False
            ),
            "by": DayField(what="the day by which it is met", label="By which day", required=False),
        }  # fmt: skip

    def cells(self, target):
        by = dt.date.fromisoformat(target.by_on) if target.by_on else None
        return {"what": target.what, "measure": target.measure, "by": by}

    def _example(self, number: int) -> str:
        return "For example, attends nine sessions in ten" if number == 1 else ""

    def _look(self, number: int) -> Fieldset:
        return Fieldset(
            Field(f"what_{number}"),
            Field(f"measure_{number}"),
            Field(f"by_{number}"),
            legend=f"Target {number}",
            legend_size=Size.MEDIUM,
        )

    def values(self):
        return {
            "targets": tuple(
                Target(cells["what"] or "", cells["measure"] or "", cells["by"].isoformat() if cells["by"] else "")
                for cells in self.rows()
            ),
            "exit_plan": self.cleaned_data["exit_plan"],
        }

    def in_words(self, name, value):
        if name == "targets":
            return "\n".join(" / ".join(part for part in (one.what, one.measure, one.by_on) if part) for one in value)
        return super().in_words(name, value)


class FundingForm(RowsForm):
    """Who pays how much of it."""

    ROWS, MOST, CELLS = "shares", MOST_SHARES, ("name", "percent")
    ANOTHER = "Save and add another who pays"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.finish(*self.layout(self._look))

    def made(self, number):
        return {
            "name": NameField(what="The name", label="Who pays", required=False),
            "percent": WholeField(
                what="The share", least=1, most=100, label="Share, in per cent", required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            ),
        }  # fmt: skip

    def cells(self, share):
        return {"name": share.name, "percent": share.percent}

    def _look(self, number: int) -> Fieldset:
        return Fieldset(
            Field(f"name_{number}"),
            narrow(f"percent_{number}", Fixed.THREE),
            legend=f"Payer {number}",
            legend_size=Size.MEDIUM,
        )

    def clean(self):
        data = super().clean()
        for number in range(1, self.MOST + 1):
            name, percent = data.get(f"name_{number}"), data.get(f"percent_{number}")
            if percent and not name and not self.has_error(f"name_{number}"):
                self.add_error(f"name_{number}", "Enter who pays this share")
            if name and percent is None and not self.has_error(f"percent_{number}"):
                self.add_error(f"percent_{number}", "Enter the share in per cent, like 100")
        return data

    def values(self):
        known = {one.name: one.organisation for one in self.row["shares"]}
        return {
            "shares": tuple(
                Share(cells["name"], cells["percent"], known.get(cells["name"], 0)) for cells in self.rows()
            )
        }

    def in_words(self, name, value):
        return "\n".join(f"{one.name}: {one.percent}%" for one in value)
