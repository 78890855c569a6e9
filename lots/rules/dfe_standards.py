"""The national standards for alternative provision outside schools (Department for Education, August 2025, voluntary),
in our own words: 4 parts, 21 standards. The first part's numbers are the department's; those of the others are
provisional (ADR 18) and can be changed in a version of one's own.

`measures` are themes of the daily measures (`KPI_THEMES`), by position from 1.
"""

from __future__ import annotations

from lots.rules import dfe_parts as dfe
from lots.rules.dfe_learning import ADMISSIONS, EDUCATION
from lots.rules.dfe_parts import HEALTH, INSPECTED, KPI_THEMES, ONLINE, SAFE, TEACH
from lots.rules.standards import AppliesText, StandardText, ThemeText, VersionText

NAME = "National standards for alternative provision outside schools"
SOURCE = "Department for Education, voluntary national standards, August 2025; in our own words"
NOTE = "Numbers after part 1 are provisional: compare them with the department’s document"

_SAFEGUARDING = (
    StandardText(
        "1.1",
        "Everybody is checked before they start",
        "Nobody works with children, and nobody owns or runs the setting, before an enhanced check with the barred "
        "list has come back. One central record shows for each person what was checked, when and by whom. Whoever "
        "does not pass is not employed. The commissioner is told in writing that the checks are complete.",
        safeguarding=True,
        measures=(SAFE,),
        evidence=(
            dfe.file("Central record of checks, without names of children or details of certificates"),
            dfe.file("Policy for safe recruitment"),
            dfe.dated("Training in safe recruitment of one person who interviews", 60),
            dfe.said("Nobody starts before all checks are complete, owners included"),
        ),
        applies=(
            dfe.alone("Number and date of your own enhanced certificate; the update service’s answer"),
            INSPECTED,
        ),
    ),
    StandardText(
        "1.2",
        "Policies that protect children, and are used",
        "Child protection (with harm between children, and online), behaviour, conduct of staff and speaking up are "
        "written down, looked at again every year, and easy to find for children, parents and staff.",
        safeguarding=True,
        measures=(SAFE,),
        evidence=(
            dfe.dated("Child protection policy, with the date of its approval", 12),
            dfe.dated("Behaviour policy", 12),
            dfe.dated("Conduct of staff and speaking up", 12),
            dfe.link("Where they can be read"),
        ),
        applies=(dfe.alone("One policy that covers all three"),),
    ),
    StandardText(
        "1.3",
        "A worry about a child is acted on",
        "Staff know the way a concern goes: inside, to early help, to social care or the police. Each one is written "
        "down with what was done, and is taken further when nothing happens.",
        safeguarding=True,
        measures=(SAFE,),
        evidence=(
            dfe.dated("Procedure for concerns, with the route to the local authority’s designated officer", 12),
            dfe.file("Log of concerns without names", required=False),
        ),
    ),
    StandardText(
        "1.4",
        "Staff are trained when they start and every year",
        "Everybody can say what the policy asks of them, and shows it in what they do. Training is recorded by person "
        "and date; temporary staff and volunteers get what fits their work.",
        safeguarding=True,
        measures=(SAFE, TEACH),
        evidence=(
            dfe.file("Training record of all staff"),
            dfe.dated("Child protection training of those who teach", 12),
        ),
    ),
    StandardText(
        "1.5",
        "A named lead for safeguarding",
        "One person leads, is trained again every two years, and is there whenever children are. A deputy stands in, "
        "also in holidays.",
        safeguarding=True,
        measures=(SAFE,),
        evidence=(
            dfe.dated("Training of the designated safeguarding lead", 24, "hold"),
            dfe.text("Who leads, who stands in, and when"),
        ),
        applies=(dfe.alone("Training of your own, and somebody outside whom you can ask"),),
    ),
    StandardText(
        "1.6",
        "Nobody comes to the children who should not",
        "Only children, staff and supervised visitors come in. Visitors sign in. Children are supervised between "
        "lessons too. In a home and online there are rules of the same strength.",
        safeguarding=True,
        measures=(SAFE, HEALTH),
        evidence=(
            dfe.dated("Risk assessment of access and supervision", 12),
            dfe.file("Visitors’ log or its form"),
            dfe.said("We make weekly meetings face to face possible, and accept unannounced visits each half-term"),
        ),
        applies=(
            dfe.online("Waiting room, recording and camera rules"),
            dfe.alone("Rules for teaching in a home: who is there, where, what if nobody is"),
        ),
    ),
)

_HEALTH = (
    StandardText(
        "2.1",
        "A health and safety policy that staff follow",
        "Site, activities and single children are assessed, and staff can say what follows from it. Health needs, "
        "medicines and disability have an individual plan.",
        measures=(SAFE, HEALTH),
        evidence=(
            dfe.dated("Health and safety policy", 12),
            dfe.dated("Risk assessments of site and activities", 12),
            dfe.file("Form of an individual health or support plan"),
        ),
        applies=(dfe.online("Assessment of learning at a screen at home"),),
    ),
    StandardText(
        "2.2",
        "First aid, and a record of what happened",
        "First aid is at hand with somebody qualified to give it. Every accident and near miss is written down, told "
        "to the commissioner, and reported where the law asks for it.",
        measures=(HEALTH,),
        evidence=(dfe.dated("First aid certificate", 36, "hold"), dfe.file("Form or log of accidents and near misses")),
        applies=(ONLINE,),
    ),
    StandardText(
        "2.3",
        "Equipment and activities are safe, and those who lead them qualified",
        "Machines, vehicles, animals and sites outdoors are assessed one by one and inspected as their trade asks. "
        "Whoever leads holds the ticket for it.",
        measures=(HEALTH, TEACH),
        evidence=(
            dfe.dated("Inspections of equipment that you use", 12, required=False),
            dfe.dated("Qualifications for special equipment", None, required=False),
            dfe.text("Which special equipment and activities you use, or that there is none"),
        ),
        applies=(ONLINE,),
    ),
    StandardText(
        "2.4",
        "Insurance that covers what is done",
        "Public liability, employers’ liability where there are staff, and professional indemnity are in force and "
        "name the activities.",
        measures=(HEALTH,),
        evidence=(
            dfe.dated("Public liability insurance", 12, "suspend"),
            dfe.dated("Employers’ liability insurance", 12, "suspend"),
            dfe.dated("Professional indemnity insurance", 12, required=False),
        ),
        applies=(dfe.alone("Public liability and professional indemnity; employers’ liability only with staff"),),
    ),
    StandardText(
        "2.5",
        "Everybody gets out when it burns",
        "Fire risks are assessed, ways out are free, alarms are tested, and a drill takes place at least once a year "
        "and is written down.",
        measures=(HEALTH,),
        evidence=(
            dfe.dated("Fire risk assessment", 12, "hold"),
            dfe.dated("Record of the last fire drill", 12),
            dfe.file("Plan for leaving the building"),
        ),
        applies=(ONLINE, AppliesText("sole_tutor", "not_asked")),
    ),
)

NATIONAL = VersionText(
    KPI_THEMES,
    (
        ThemeText("1", "Safeguarding and the welfare of children", _SAFEGUARDING),
        ThemeText("2", "Health and safety", _HEALTH),
        ThemeText("3", "Admissions, guidance and support", ADMISSIONS),
        ThemeText("4", "Quality of education", EDUCATION),
    ),
)
