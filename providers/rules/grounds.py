"""The grounds for which a buyer must or may leave a supplier out (Procurement Act 2023, Schedules 6 and 7), in our own
words, as questions that a small provider can answer.

Sources: the Act as enacted, Schedule 6 paragraphs 2, 3, 35 and 44, and Schedule 7 paragraphs 1 to 3; paragraph 44 of
Schedule 6 itself names 4 to 14, 17, 23 to 25, 27, 28, 33 and 34 with what they are. Titles follow the groups that the
Central Digital Platform uses. Not compared with the text, so to be read against legislation.gov.uk before a round
opens: where the ranges on workers (18), tax (29 to 31, 36, 37) and competition (38 to 42) begin and end, 43, and
Schedule 7 from paragraph 4 on. The words are a help to those who answer; the Act decides.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ground:
    """One ground. `schedule` 6: the buyer must leave out whoever it applies to, if it is likely to happen again.
    `schedule` 7: the buyer may."""

    code: str
    schedule: int
    paragraphs: str
    title: str
    explained: str

    @property
    def source(self) -> str:
        """Where it stands in the Act."""
        many = " to " in self.paragraphs or " and " in self.paragraphs
        return f"Schedule {self.schedule}, paragraph{'s' if many else ''} {self.paragraphs}"


MANDATORY = (
    Ground(
        "manslaughter", 6, "2", "Corporate manslaughter or homicide",
        "A conviction because somebody died through the way an organisation was run.",
    ),
    Ground(
        "terrorism", 6, "3", "Terrorism",
        "A conviction for an offence of terrorism, or one with a connection to terrorism.",
    ),
    Ground(
        "fraud", 6, "4 to 17", "Theft, fraud, bribery and money laundering",
        "A conviction for theft, robbery, burglary, blackmail, fraud, false accounting, bribery or laundering money.",
    ),
    Ground(
        "slavery", 6, "18 to 26", "Exploiting workers, slavery and trafficking",
        "A conviction for slavery, forced labour or trafficking, or for breaking the law on the minimum wage, on "
        "agencies or on licensed labour.",
    ),
    Ground(
        "organised_crime", 6, "27 and 28", "Organised crime",
        "A conviction for taking part in the activities of an organised crime group.",
    ),
    Ground(
        "tax_offences", 6, "29 to 31", "Tax offences",
        "A conviction for cheating the public revenue, evading a tax or duty, or helping others to evade one.",
    ),
    Ground(
        "cartel", 6, "32", "The cartel offence",
        "A conviction for agreeing with competitors to fix prices, share out customers or rig bids.",
    ),
    Ground(
        "helping", 6, "33 and 34", "Helping with any of these, or the same abroad",
        "A conviction for attempting, encouraging or assisting an offence above, or for one abroad that would be such "
        "an offence here.",
    ),
    Ground(
        "security_threat", 6, "35", "A threat to national security",
        "A minister has decided that somebody must be left out of contracts of this kind for national security.",
    ),
    Ground(
        "tax_misconduct", 6, "36 and 37", "Serious misconduct over tax",
        "A penalty for deliberate errors or deliberate failure to tell about tax or VAT, or abusive tax avoidance that "
        "was found against.",
    ),
    Ground(
        "competition", 6, "38 to 42", "Cartels found by a competition authority",
        "A finding by the Competition and Markets Authority, a regulator or a court of a cartel. A whistleblower who "
        "was given immunity answers no.",
    ),
    Ground(
        "cooperation", 6, "43", "Refusing to help an investigation into exclusion",
        "Not giving what a minister asked for in an investigation into adding a supplier to the debarment list.",
    ),
)  # fmt: skip

DISCRETIONARY = (
    Ground(
        "labour_misconduct", 7, "1 to 3", "Misconduct towards workers",
        "A slavery, trafficking or labour market order, or conduct that would be an offence of that kind, also without "
        "a conviction.",
    ),
    Ground(
        "environment", 7, "4", "Serious harm to the environment",
        "A conviction for an offence that did, or could have done, significant harm to the environment.",
    ),
    Ground(
        "insolvency", 7, "5 and 6", "Insolvency, or closing down",
        "Bankruptcy, insolvency or winding up, an arrangement with creditors, or giving up all or a large part of the "
        "business.",
    ),
    Ground(
        "market_power", 7, "7 to 10", "Possible breaches of competition law",
        "An agreement with competitors that may break the law, or abuse of a strong position in a market, also before "
        "anybody has found it.",
    ),
    Ground(
        "professional", 7, "11", "Professional misconduct",
        "Conduct that puts integrity in question: dishonesty, or a serious breach of the ethics of the profession. For "
        "work with children this includes a finding by a teaching or social work regulator.",
    ),
    Ground(
        "performance", 7, "12", "A contract broken, or performed badly",
        "A contract with a public body ended, damages or a settlement after a breach, or poor performance that did not "
        "get better after a warning.",
    ),
    Ground(
        "improper", 7, "13", "Acting improperly in a procurement",
        "Misleading or false information, holding back what was asked, gaining an unfair advantage, or trying to "
        "influence a decision.",
    ),
    Ground(
        "security_risk", 7, "14", "A possible threat to national security",
        "A buyer or a minister holds that somebody may be a threat to national security.",
    ),
)  # fmt: skip

GROUNDS = MANDATORY + DISCRETIONARY

WHO = {
    "us": "Our own organisation",
    "connected": "A connected person: somebody who owns, controls or runs it",
    "associated": "An associated person: somebody whose means or skills we rely on",
    "subcontractor": "A sub-contractor that we mean to use",
}
LIKELY = {
    "over": "No, it is over and unlikely to happen again",
    "could": "It is over, and it could happen again",
    "continuing": "Yes, it is continuing",
}
