"""Addresses of pages, worked out once for each page: only the numbers in them differ. Django's own `reverse` looks
through the patterns at every call, and a page of rows calls it a hundred times."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as read_tag
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

_NUMBER = 9_000_000_000_000_000_000  # stands for the number in an address until a row gives it


def address(view: str, *numbers: int) -> str:
    """The address of a page, for views and templates. Raises NoReverseMatch where there is no such page."""
    return fill(view, numbers, here())


def here() -> tuple[str, str | None, str]:
    """What an address depends on besides its page: the table of addresses, and where the portal is served."""
    return settings.ROOT_URLCONF, get_urlconf(), get_script_prefix()


def fill(view: str, numbers, place: tuple) -> str:
    """The same, with `here()` asked before."""
    pieces = _pieces(view, len(numbers), *place)
    return "".join([f"{piece}{number}" for piece, number in zip(pieces, numbers, strict=False)]) + pieces[-1]


def are_numbers(values) -> bool:
    return all(type(value) is int and value >= 0 for value in values)


@lru_cache(maxsize=500)
def _pieces(view: str, count: int, root: str, conf: str | None, prefix: str) -> list[str]:
    """The address cut where its numbers stand."""
    stand_ins = [_NUMBER + place for place in range(count)]
    pieces, rest = [], reverse(view, args=stand_ins)
    for number in stand_ins:
        piece, _, rest = rest.partition(str(number))
        pieces.append(piece)
    return [*pieces, rest]


def url(parser, token) -> URLNode:
    """Django's `{% url %}`, quicker where a page is named as it stands and everything else is a number."""
    node = read_tag(parser, token)
    return PlainURL(node) if is_plain(node) else node


def is_plain(node: URLNode) -> bool:
    """It names its page as it stands, in no namespace, and gives its parts in order."""
    return not (node.kwargs or node.asvar or node.view_name.is_var or ":" in node.view_name.var)


class PlainURL(URLNode):
    """A plain address."""

    def __init__(self, node: URLNode):
        super().__init__(node.view_name, node.args, node.kwargs, node.asvar)
        self.view = str(node.view_name.var)

    def render(self, context) -> str:
        numbers = [argument.resolve(context) for argument in self.args]
        if not are_numbers(numbers) or not context.autoescape:
            return super().render(context)
        return SafeString(escape(address(self.view, *numbers)))  # nosec B703  # escaped, as Django's tag does
