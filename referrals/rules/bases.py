"""Which power or duty fits which reason, and which commissioner (Education Act 1996, s.19; Education Act 2002, s.29A;
Education and Inspections Act 2006, s.100; Children and Families Act 2014, s.61; guidance “Arranging alternative
provision”, 2025). Where the law is clear a combination is refused; where it is open, it is asked why."""

from __future__ import annotations

from dataclasses import dataclass

from referrals.states import Basis, Reason

# The exclusions after which education has to begin on the sixth school day.
HAS_A_SIXTH_DAY = frozenset({Reason.EXCLUDED, Reason.SUSPENDED})

USUAL: dict[str, frozenset[str]] = {
    Reason.EXCLUDED: frozenset({Basis.S19}),
    Reason.SUSPENDED: frozenset({Basis.S100}),
    Reason.BEHAVIOUR: frozenset({Basis.S29A}),
    Reason.MEDICAL: frozenset({Basis.S19, Basis.EARLY}),
    Reason.NOT_ATTENDING: frozenset({Basis.S19, Basis.EARLY}),
    Reason.SEN: frozenset({Basis.S19, Basis.EARLY, Basis.EOTAS}),
    Reason.NO_PLACE: frozenset({Basis.S19}),
    Reason.EARLY: frozenset({Basis.EARLY}),
    Reason.POST_16: frozenset({Basis.POST_16}),
    Reason.OTHER: frozenset({Basis.S19, Basis.EARLY, Basis.EOTAS}),
}
HOLDERS: dict[str, frozenset[str]] = {
    Basis.S19: frozenset({"authority"}),
    Basis.S29A: frozenset({"school", "trust"}),
    Basis.S100: frozenset({"school", "trust"}),
    Basis.EARLY: frozenset({"school", "trust"}),
    Basis.EOTAS: frozenset({"authority"}),
    Basis.POST_16: frozenset({"authority", "school", "trust"}),
}
# Refused whatever is said: (basis, kind of commissioner).
NEVER_BY = {
    (Basis.S29A, "authority"): "A direction off site (section 29A) is given by a school or an academy trust, not by a "
    "council. Choose another legal basis",
    (Basis.EOTAS, "school"): "Education otherwise than at school (section 61) is arranged by the council. Choose "
    "another legal basis",
    (Basis.EOTAS, "trust"): "Education otherwise than at school (section 61) is arranged by the council. Choose "
    "another legal basis",
}
ONLY_A_SUSPENSION = (
    "Section 100 is for a suspension of more than five school days. Choose that reason, or another basis"
)
ASKED_WHY_BY = {
    Basis.S19: "Section 19 is a duty of the council. Say why you arrange this: for example, the council asked you to",
    Basis.S100: "Section 100 is a duty of the school. Say why the council arranges this: for example, for a pupil "
    "referral unit",
    Basis.EARLY: "Early intervention is the school’s own. Say why the council arranges this",
}


@dataclass(frozen=True)
class Fit:
    """`why` is what to tell whoever chose it, empty where it is the usual choice; `never` is whether it is refused."""

    why: str = ""
    never: bool = False


def fit(reason: str, basis: str, kind: str) -> Fit:
    """How a legal basis fits a reason and a kind of commissioner (authority, trust or school)."""
    if refused := NEVER_BY.get((Basis(basis), kind)):
        return Fit(refused, never=True)
    if basis == Basis.S100 and reason != Reason.SUSPENDED:
        return Fit(ONLY_A_SUSPENSION, never=True)
    if kind not in HOLDERS[basis]:
        return Fit(ASKED_WHY_BY[Basis(basis)])
    if basis not in USUAL[reason]:
        usual = " or ".join(sorted(_short(one) for one in USUAL[reason]))
        return Fit(f"For this reason the usual basis is {usual}. Say why you use another")
    return Fit()


def in_words(kind: str) -> list[tuple[str, str]]:
    """Each reason with the bases that are usual for this kind of commissioner."""
    return [
        (reason.label, " or ".join(_short(one) for one in Basis if one in USUAL[reason] and kind in HOLDERS[one]))
        for reason in Reason
    ]


def _short(basis: str) -> str:
    label = Basis(basis).label.partition(":")[0]
    return label[0].lower() + label[1:]
