"""Parts 3 and 4 of the national standards, in our own words; see `dfe_standards`."""

from __future__ import annotations

from lots.rules import dfe_parts as dfe
from lots.rules.dfe_parts import ADMIT, INSPECTED, OUTCOME, SAFE, TEACH
from lots.rules.standards import StandardText

ADMISSIONS = (
    StandardText(
        "3.1",
        "Clear and fair ways in",
        "Who the setting is for, how a child is referred and how that is decided can be read by everybody, and turns "
        "nobody away for who they are.",
        measures=(ADMIT,),
        evidence=(dfe.dated("Admission policy", 12), dfe.file("Referral form")),
    ),
    StandardText(
        "3.2",
        "What is known about a child is kept and used",
        "What school, parents and others told, plans for education, health and support, behaviour and risks lie in one "
        "record that those who teach the child know.",
        measures=(SAFE, ADMIT),
        evidence=(
            dfe.file("An empty pupil record"),
            dfe.text("How you keep records safe and who may read them"),
        ),
    ),
    StandardText(
        "3.3",
        "Every child is brought in well",
        "Each child starts with an induction to rights, duties and safety, with a look at where they stand, and with a "
        "plan of their own.",
        measures=(ADMIT, TEACH),
        evidence=(dfe.file("Induction checklist"), dfe.file("Form of an individual learning plan")),
        applies=(dfe.alone("How you begin with a new pupil, on one page"),),
    ),
    StandardText(
        "3.4",
        "Who is there is known each session",
        "Attendance is recorded every session. The commissioner hears of an absence within 30 minutes of its start.",
        measures=(SAFE, ADMIT),
        evidence=(
            dfe.text("How absence is noticed, and who is told, by when"),
            dfe.said("We tell the commissioner of every absence within 30 minutes of the start of the session"),
        ),
    ),
    StandardText(
        "3.5",
        "An absent child is looked after too",
        "It is agreed with each commissioner who finds out whether an absent child is well, and when somebody goes and "
        "looks.",
        measures=(SAFE, ADMIT),
        evidence=(dfe.text("What you do on the first, second and third day of absence"),),
    ),
    StandardText(
        "3.6",
        "Behaviour and progress are shared",
        "Behaviour and progress are recorded and go to the school and the parents as a matter of course, and to the "
        "local authority where the child is on no school’s roll. Attendance, punctuality and good behaviour are "
        "encouraged, and there is a plan for when they fail.",
        measures=(ADMIT, TEACH),
        evidence=(dfe.file("A report without names"), dfe.text("What you do when attendance or behaviour fails")),
    ),
)

EDUCATION = (
    StandardText(
        "4.1",
        "Those who teach can teach it",
        "Skills and qualifications fit what is taught and whom. Somebody looks in on lessons and helps.",
        measures=(TEACH,),
        evidence=(
            dfe.text("Who teaches what, and what qualifies them"),
            dfe.dated("Accreditation by an examination board", 12, required=False),
        ),
        applies=(INSPECTED,),
    ),
    StandardText(
        "4.2",
        "Lessons are planned and learning is assessed",
        "Plans say what different groups will know, understand and be able to do, and fit what the home school "
        "teaches. Assessment is regular and thorough, and changes what comes next.",
        measures=(TEACH,),
        evidence=(dfe.file("A scheme of work with two lesson plans"), dfe.file("How you track progress")),
        applies=(INSPECTED,),
    ),
    StandardText(
        "4.3",
        "Progress leads back, or somebody acts",
        "Each child has goals towards a next step: back to school where that is right, on to college or work. When a "
        "child falls behind, something is done and its effect is looked at.",
        measures=(TEACH, OUTCOME),
        evidence=(
            dfe.file("A review without names"),
            dfe.text("How you plan the way back, and two examples of what you did when a child fell behind"),
        ),
    ),
    StandardText(
        "4.4",
        "The provider judges itself",
        "At least once a year the provider asks whether it does what it was commissioned for, hears children, parents "
        "and commissioners, and acts on it.",
        measures=(TEACH, OUTCOME),
        evidence=(dfe.dated("Self-evaluation with its plan for improvement", 12),),
        applies=(dfe.alone("A page on what went well, what did not, and what you change"), INSPECTED),
    ),
)
