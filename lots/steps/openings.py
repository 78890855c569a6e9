"""The next generation of a framework, copied from the last: a draft like any other, with no dates yet."""

from __future__ import annotations

from audit import steps as audit
from core.steps import step
from lots.models import Framework, Lot, LotText, PermittedUser, Policies, PriceLine, Region, SubLot
from lots.states import FrameworkState

# What a next generation takes over as it is. Everything else of a framework belongs to one opening.
COPIED = [
    "buyer_id",
    "title",
    "description",
    "is_open",
    "light_touch",
    "above_threshold",
    "with_competition",
    "net_pence",
    "gross_pence",
    "max_participants",
    "max_lots",
    "scheme_ends_on",
    "criteria",
    "lots_explained",
    "payment_terms",
    "risks",
    "how_to_apply",
    "standards_chosen_id",
]


@step
def copy_generation(*, framework: Framework, by, at) -> Framework:
    """Make the next generation of a locked framework: lots, parts, texts, regions, price lines, policies (unlocked),
    who may call off, the choice of standards. Dates, key dates, documents and decisions stay with the last one."""
    made = Framework.objects.create(
        previous=framework,
        generation=framework.generation + 1,
        state=FrameworkState.DRAFT,
        created_at=at,
        created_by=by,
        **{name: getattr(framework, name) for name in COPIED},
    )
    Policies.objects.create(framework=made, **_fields(framework.policies, "framework_id", "locked_at"))
    for one in framework.permitted_users.order_by("pk"):
        PermittedUser.objects.create(framework=made, **_fields(one, "framework_id"))
    lots = {}
    for lot in framework.lots.order_by("pk"):
        lots[lot.pk] = copied = Lot.objects.create(
            framework=made, **_fields(lot, "framework_id", "starts_on", "ends_on")
        )
        for model, rows in (
            (SubLot, lot.sub_lots),
            (Region, lot.regions),
            (PriceLine, lot.price_lines),
        ):
            model.objects.bulk_create(model(lot=copied, **_fields(row, "lot_id")) for row in rows.order_by("pk"))
    texts = LotText.objects.filter(lot__framework=framework).order_by("pk")
    LotText.objects.bulk_create(
        LotText(lot=lots[text.lot_id], same_as=lots.get(text.same_as_id), **_fields(text, "lot_id", "same_as_id"))
        for text in texts
    )
    audit.record(
        "lots.framework.copied",
        by=by,
        about=made,
        organisation=made.buyer_id,
        data={"from": framework.pk, "generation": made.generation},
        at=at,
    )
    return made


def _fields(row, *without: str) -> dict:
    """What a row holds, its key and what is named apart."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    return {name: getattr(row, name) for name in names if name not in without}
