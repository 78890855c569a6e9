"""A provider's daily report: one tick for a quiet day, and what is told of each KPI."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import escape

from accounts.forms.fields import DayField
from core.fields import LinesField
from monitoring.actions.reports import Filed
from monitoring.rules import standing
from monitoring.rules.reporting import MOST_ACTION, MOST_WORDS, Group, Said, unexplained
from monitoring.states import Status

_SENT_INCOMPLETE = "Open the page again: it was sent incomplete"
_CHOOSE = "Choose whether it was as it should be"


class ReportForm(forms.Form):
    """The fields of a group of KPIs bear the key of the group, those of a line the line's. `before` and `stood` are
    what the newest version says. With `judged=False` it shows what was typed and finds no fault."""

    quiet = forms.BooleanField(label="All was as it should be", required=False)
    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=30_000,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _SENT_INCOMPLETE),
    )

    asked = forms.CharField(widget=forms.HiddenInput, max_length=20_000, error_messages={"required": _SENT_INCOMPLETE})

    def __init__(
        self,
        data,
        *,
        apart: Collection[int],
        groups: Sequence[Group],
        lines: Sequence[standing.Line],
        before: Mapping[int, Said],
        stood: Mapping[int, str],
        version: int,
        judged: bool = True,
    ):
        super().__init__(data)
        self.groups, self.lines, self.apart, self.judged = groups, lines, sorted(apart), judged
        self.version, self.keys = version, [f"k{one.kpi}" for group in groups for one in group.kpis]
        self.keys += [f"l{line.key}" for line in lines]
        self.initial = {"seen": version, "asked": " ".join(self.keys), "quiet": bool(version), "still": bool(stood)}
        for group in groups:
            self._add_group(group, before.get(group.key, Said("")))
        if lines:
            self.fields["still"] = forms.BooleanField(label="All of this is still so", required=False)
        for line in lines:
            self._add_line(line, stood.get(line.key, ""))
        if any(group.facts for group in groups):
            self.fields["quiet"].label = "All else was as it should be"

    def _add_group(self, group: Group, said: Said) -> None:
        key, told = group.key, said if said != Said(Status.WELL) else Said("")
        self.fields[f"status_{key}"] = forms.ChoiceField(
            label="How was it?",
            choices=Status.choices,
            widget=forms.RadioSelect,
            required=False,
            error_messages={"invalid_choice": _CHOOSE},
        )
        self.fields[f"what_{key}"] = LinesField(
            what="What happened",
            longest=MOST_WORDS,
            label="What happened?",
            help_text="Name no pupil",
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields[f"action_{key}"] = LinesField(
            what="What is done about it",
            longest=MOST_ACTION,
            label="What is done about it?",
            help_text="Only if there is something to tell",
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields[f"by_{key}"] = DayField(what="the day by which it is done", label="By when?", required=False)
        self.initial |= {
            f"status_{key}": told.status,
            f"what_{key}": told.what,
            f"action_{key}": told.action,
            f"by_{key}": told.by_on,
        }

    def _add_line(self, line: standing.Line, words: str) -> None:
        self.fields[f"changed_{line.key}"] = LinesField(
            what="What changed",
            longest=standing.MOST_WORDS,
            label=escape(line.text),
            help_text="What changed? Leave it empty if it is still so",
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.initial[f"changed_{line.key}"] = words

    def full_clean(self):
        if self.judged:
            super().full_clean()
        else:
            self._errors, self.cleaned_data = ErrorDict(), {}

    def clean(self):
        for group in self.groups:
            self._clean_group(group)
        return self.cleaned_data

    def _clean_group(self, group: Group) -> None:
        said, key = self._said(group), group.key
        if self.has_error(f"status_{key}"):
            return
        if not said.status and (said.what or said.action or said.by_on):
            if group.facts and not (said.action or said.by_on):
                return  # words on what the records say, with the tick for the rest
            self.add_error(f"status_{key}", _CHOOSE)
        if group.facts and said.status != Status.EXCEPTION and not said.what and not self.has_error(f"what_{key}"):
            self.add_error(f"what_{key}", unexplained(group.kpis[0], group.facts))
        if said.status == Status.EXCEPTION:
            for name, value, words in (
                ("what", said.what, "Write what happened"),
                ("action", said.action, "Write what is done about it"),
                ("by", said.by_on, "Enter the day by which it is done"),
            ):
                if not value and not self.has_error(f"{name}_{key}"):
                    self.add_error(f"{name}_{key}", words)

    def _said(self, group: Group) -> Said:
        what, action, by_on, status = (
            self.cleaned_data.get(f"{name}_{group.key}") for name in ("what", "action", "by", "status")
        )
        if status == Status.WELL:
            return Said(Status.WELL, what or "")
        return Said(status or "", what or "", action or "", by_on)

    def filed(self) -> Filed:
        """What was filled in, of each KPI and line that the page showed."""
        had = set(self.cleaned_data["asked"].split())
        asked = [(one.kpi, group) for group in self.groups for one in group.kpis]
        return Filed(
            quiet=self.cleaned_data["quiet"],
            said={kpi: self._said(group) for kpi, group in asked if f"k{kpi}" in had},
            words={line.key: self.cleaned_data[f"changed_{line.key}"] for line in self.lines if f"l{line.key}" in had},
            still=self.cleaned_data.get("still", False),
            seen=self.cleaned_data["seen"],
        )

    def own(self, field: str) -> str:
        """The field that stands for one of a single KPI: that of its group."""
        name, _, key = field.rpartition("_")
        keys = {str(one.kpi): group.key for group in self.groups for one in group.kpis}
        return f"{name}_{keys[key]}" if name != "changed" and key in keys else field

    def see(self) -> None:
        """From now on it has seen what there is, and keeps what was typed: whoever files it again means it."""
        self.data = self.data.copy()
        self.data["seen"], self.data["asked"] = str(self.version), " ".join(self.keys)

    def shown(self) -> Iterator[tuple[Group, list, bool]]:
        """Each group, its fields, and whether they stand open: something is told, typed or wrong there."""
        for group in self.groups:
            bound = [self[f"{name}_{group.key}"] for name in ("status", "what", "action", "by")]
            told = any(one.errors or _filled(one.value()) for one in bound)
            yield group, bound, bool(group.facts) or told

    def standing(self) -> list[tuple[standing.Line, forms.BoundField]]:
        """The lines that are asked, with their fields."""
        return [(line, self[f"changed_{line.key}"]) for line in self.lines]


def _filled(value) -> bool:
    return any(value) if isinstance(value, list) else bool(value)


def taken_apart(data, groups: Sequence[Group], wanted: str):
    """What was typed, with the words of one group in each of its KPIs, so that they can be changed one by one."""
    data = data.copy()
    data.appendlist("apart", wanted)
    for group in groups:
        if str(group.first) != wanted:
            continue
        mine = [name for name in data if _is_of(name, group.key)]
        for one in group.kpis[1:]:
            for name in mine:
                field, _, rest = name.partition(f"_{group.key}")
                data.setlist(f"{field}_{one.kpi}{rest}", data.getlist(name))
    return data


def _is_of(name: str, key: int) -> bool:
    field, _, rest = name.partition("_")
    return field in {"status", "what", "action", "by"} and rest.split("_")[0] == str(key)
