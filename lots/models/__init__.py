from lots.models.frameworks import Decision, Document, Framework, KeyDate, PermittedUser, Policies
from lots.models.lots import Lot, LotText, PriceLine, Region, SubLot
from lots.models.places import Place, PlacePrice, Succession, Suspension, Transfer
from lots.models.sealing import Recovery, SealKey
from lots.models.standards import Applies, Evidence, KpiTheme, Standard, StandardSet, StandardsVersion, Theme

__all__ = [
    "Applies",
    "Decision",
    "Document",
    "Evidence",
    "Framework",
    "KeyDate",
    "KpiTheme",
    "Lot",
    "LotText",
    "PermittedUser",
    "Place",
    "PlacePrice",
    "Policies",
    "PriceLine",
    "Recovery",
    "Region",
    "SealKey",
    "Standard",
    "StandardSet",
    "StandardsVersion",
    "SubLot",
    "Succession",
    "Suspension",
    "Theme",
    "Transfer",
]
