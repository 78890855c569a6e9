"""What kind of notice a release is, and what it says in one sentence for somebody who has many of them."""

from __future__ import annotations

from collections.abc import Iterator

from lots.rules import notice_types
from notices.rules import paths
from notices.rules.reader import quoted

# Tags of releases that a framework can be set up from. Award and contract notices repeat a framework's terms, and are
# about something else.
SETS_UP = {"tender", "tenderUpdate", "tenderAmendment", "compiled"}
NOT_YET = {"planning", "planned"}
OVER = {"cancelled", "unsuccessful", "withdrawn"}
OLD_RULES = "CELEX"


def _documents(tree: dict) -> Iterator[dict]:
    """Every document that is a notice, those of later stages last."""
    holders = [paths.get(tree, ("planning",)), paths.get(tree, ("tender",))]
    for stage in ("awards", "contracts"):
        found = tree.get(stage)
        for holder in found if isinstance(found, list) else []:
            holders += [holder, paths.get(holder, ("implementation",))]
    for holder in holders:
        documents = paths.get(holder, ("documents",))
        for document in documents if isinstance(documents, list) else []:
            if isinstance(document, dict) and isinstance(document.get("noticeType"), str):
                yield document


def notice_type(tree: dict) -> str:
    """`UK4`: the type of the notice that this release is. Empty where no document tells.

    It is the type of the document that has the release's own id; in a compiled release that of the last notice."""
    documents = list(_documents(tree))
    own = [document for document in documents if document.get("id") is not None and document["id"] == tree.get("id")]
    dated = sorted(documents, key=lambda document: _text(document.get("datePublished")))
    return quoted([*dated, *own][-1]["noticeType"]) if documents else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def tags(tree: dict) -> set[str]:
    """The release's tags."""
    found = tree.get("tag")
    return {tag for tag in found if isinstance(tag, str)} if isinstance(found, list) else set()


def is_old(tree: dict) -> bool:
    """From before the Procurement Act 2023: the release cites a European directive."""
    return paths.get(tree, ("tender", "legalBasis", "scheme")) == OLD_RULES


def has_framework(tree: dict) -> bool:
    """It speaks of a framework agreement."""
    techniques = paths.get(tree, ("tender", "techniques"))
    if not isinstance(techniques, dict):
        return False
    return techniques.get("hasFrameworkAgreement") is True or isinstance(techniques.get("frameworkAgreement"), dict)


def sets_up_a_framework(tree: dict) -> bool:
    """A tender notice under the Procurement Act 2023 for a framework, with its lots, that was not taken back."""
    status = paths.get(tree, ("tender", "status"))
    lots = paths.get(tree, ("tender", "lots"))
    of_its_stage = not tags(tree) or tags(tree) & SETS_UP
    gone = isinstance(status, str) and status in NOT_YET | OVER
    return bool(
        has_framework(tree) and of_its_stage and isinstance(lots, list) and lots and not gone and not is_old(tree)
    )


def _names(holders: object) -> str:
    """The suppliers of awards: three by name, then how many more."""
    found: list[str] = []
    for holder in holders if isinstance(holders, list) else []:
        suppliers = paths.get(holder, ("suppliers",))
        for supplier in suppliers if isinstance(suppliers, list) else []:
            name = paths.get(supplier, ("name",))
            if isinstance(name, str) and name.strip() and quoted(name) not in found:
                found.append(quoted(name))
    if len(found) > 3:
        return f"{', '.join(found[:3])} and {len(found) - 3:,} more"
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def _lots(tree: dict) -> str:
    lots = paths.get(tree, ("tender", "lots"))
    number = len(lots) if isinstance(lots, list) else 0
    return f"{number:,} lot{'' if number == 1 else 's'}"


def in_words(tree: dict) -> str:
    """The notice in one sentence: `Transparency notice (UK5): a direct award to Ash House Ltd`."""
    kind = notice_type(tree)
    title = _text(paths.get(tree, ("tender", "title"))).strip()
    title = quoted(title) if title else ""
    suppliers = _names(tree.get("awards"))
    if is_old(tree):
        name = "Notice under the rules before the Procurement Act 2023"
    else:
        name = notice_types.in_words(kind) if kind else "Notice of no stated type"
    said = title
    if sets_up_a_framework(tree):
        is_open = paths.get(tree, ("tender", "techniques", "frameworkAgreement", "isOpenFrameworkScheme")) is True
        said = f"{'an open framework' if is_open else 'a framework'} with {_lots(tree)}"
    elif paths.get(tree, ("tender", "status")) in ("withdrawn", "cancelled"):
        said = f"a procurement that was ended without an award{f': {title}' if title else ''}"
    elif kind == "UK2":
        said = f"a talk with providers before the tender{f': {title}' if title else ''}"
    elif kind == "UK4" and has_framework(tree):
        said = "a change to a framework, without its lots"
    elif kind == "UK4":
        said = f"not a framework{f': {title}' if title else ''}"
    elif suppliers:
        way = {"UK5": "a direct award to", "UK6": "awarded to", "UK9": "how they perform:"}.get(kind, "a contract with")
        said = f"{way} {suppliers}"
    return f"{name}: {said}" if said else name
