"""What happens to agreements, in plain words."""

WORDS: dict[str, str] = {
    "contracts.agreement.countersigned": "Agreement signed by the buyer",
    "contracts.agreement.ended": "Agreement ended",
    "contracts.agreement.offered": "Agreement offered",
    "contracts.agreement.signed": "Agreement signed by the provider",
    "contracts.agreement.withdrawn": "Agreement withdrawn",
}
THINGS: dict[str, str] = {"contracts.agreement": "Agreement", "contracts.contract": "Agreement"}
