"""What the forms of all items share: the form itself, its texts and telephone numbers."""

from __future__ import annotations

import re
from dataclasses import asdict
from string import digits

from crispy_forms_gds.layout import HTML, Field, Fixed, Size
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.forms.fields import helper, narrow
from core.fields import LinesField
from files.rules import refusals
from lots.forms.fields import WholeField
from providers.forms.library import AGAIN
from referrals.rules.assurance import Said


class PhoneField(forms.CharField):
    """A telephone number as people write it."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}))
        kwargs.setdefault("error_messages", {"required": "Enter a telephone number, like 01632 960 001"})
        super().__init__(**kwargs)

    def to_python(self, value):
        text = " ".join(str(value or "")[:200].split())
        count = sum(one in digits for one in text)
        if text and not (re.fullmatch(r"[+0-9() -]{1,40}", text) and 10 <= count <= 15):
            raise ValidationError("Enter a telephone number, like 01632 960 001", code="phone")
        return text


def lines(what: str, label: str, *, required: str = "", longest: int = 4000, rows: int = 5, **kwargs) -> LinesField:
    return LinesField(
        what=what,
        longest=longest,
        label=label,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else {},
        **kwargs,
    )


class ItemForm(forms.Form):
    """One item. `said` and `on` are what stands, or what is known already; `seen` is the key of what stands."""

    seen = WholeField(what="The page", least=0, most=999_999_999, widget=forms.HiddenInput, required=False)
    FIELDS: tuple[str, ...] = ()
    SUBMIT = "Save"

    def __init__(self, data=None, files=None, *, said: Said, on=None, seen: int, left: bool = False, **kwargs):
        initial = asdict(said) | {"on": on, "seen": seen, "needed": "no" if left else "yes"}
        super().__init__(data, files, initial=initial, **kwargs)
        self.helper = helper("seen", *[self._look(name) for name in self.FIELDS], submit=self.SUBMIT)
        if "file" in self.FIELDS:
            self.helper.layout.append(HTML('{% include "components/upload_state.html" %}'))
            self.helper.attrs = {
                "data-portal-upload": "",
                "data-portal-largest": str(settings.FILE_MAX_BYTES),
                "data-portal-too-large": refusals.too_large(settings.FILE_MAX_BYTES),
            }

    def _look(self, name: str):
        if name == "needed":
            return Field.radios(name, legend_size=Size.SMALL)
        if name in {"who", "paper"}:
            return narrow(name, Fixed.THIRTY)
        return narrow(name, Fixed.TWENTY) if name == "phone" else Field(name)

    def clean(self):
        data = super().clean()
        if "needed" in self.fields and data.get("needed") == "no":
            for name in set(self.errors) - {"why"}:
                del self.errors[name]
            if not data.get("why") and "why" not in self.errors:
                self.add_error("why", "Enter why it is not needed")
        if data.get("file") and set(self.errors) - {"file"}:
            self.add_error("file", AGAIN)
        return data

    @property
    def is_left(self) -> bool:
        """Whether the item is not needed."""
        return self.cleaned_data.get("needed") == "no"

    def said(self) -> Said:
        """What was typed."""
        names = set(asdict(Said())) & set(self.cleaned_data)
        return Said(**{name: self.cleaned_data[name] or "" for name in names})

    def seen_now(self, key: int) -> None:
        """What the next attempt has seen: the error says that somebody wrote meanwhile."""
        self.data = self.data.copy()
        self.data["seen"] = str(key)
