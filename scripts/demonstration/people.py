"""Fictional names and words."""

from __future__ import annotations

from random import Random

FORENAMES_F = (
    "Siân",
    "Mali",
    "Elin",
    "Ffion",
    "Gwen",
    "Cadi",
    "Lowri",
    "Nia",
    "Beca",
    "Erin",
    "Mared",
    "Lleucu",
    "Olivia",
    "Amelia",
    "Zara",
    "Maya",
    "Hanna",
    "Non",
    "Casi",
    "Martha",
    "Alys",
    "Efa",
    "Nel",
    "Leila",
    "Rhiannon",
    "Grace",
    "Poppy",
    "Ela",
)
FORENAMES_M = (
    "Iolo",
    "Macsen",
    "Guto",
    "Osian",
    "Tomos",
    "Llŷr",
    "Ifan",
    "Cai",
    "Harri",
    "Jac",
    "Steffan",
    "Gethin",
    "Noah",
    "Oliver",
    "Yusuf",
    "Leo",
    "Deio",
    "Twm",
    "Ned",
    "Elis",
    "Rhodri",
    "Math",
    "Oscar",
    "Alfie",
    "Callum",
    "Bleddyn",
    "Sion",
    "Gwilym",
)
SURNAMES = (
    "ap Gwilym",
    "Bevan",
    "Bowen",
    "Davies",
    "Edwards",
    "Ellis",
    "Evans",
    "Gŵyn",
    "Griffiths",
    "Gruffydd",
    "Harris",
    "Howells",
    "Hughes",
    "Humphreys",
    "James",
    "Jenkins",
    "John",
    "Jones",
    "Khan",
    "Kowalska",
    "Lewis",
    "Llwyd",
    "Meredith",
    "Morgan",
    "Morris",
    "Nowak",
    "Owen",
    "Parry",
    "Patel",
    "Phillips",
    "Powell",
    "Price",
    "Pritchard",
    "Prosser",
    "Pugh",
    "Rees",
    "Richards",
    "Roberts",
    "Rowlands",
    "Smith",
    "Taylor",
    "Thomas",
    "Vaughan",
    "Watkins",
    "Williams",
    "Wynne",
)

CHILD = (
    "Dwi ddim yn licio'r coridor pan mae'n swnllyd.",
    "I want someone to talk to who is not my teacher.",
    "Mae'n haws i mi ddangos na siarad.",
    "I get a tummy ache before school.",
    "Dwi'n hoffi gwersi celf, a dwi eisiau mwy ohonyn nhw.",
    "It is hard to sit still and then everyone looks.",
)
PARENT = (
    "We have been asking for help since Year 4.",
    "'Dan ni'n poeni am ei chysgu hi.",
    "He is a different child at home in the holidays.",
    "Mae o'n dod adra wedi blino'n lân bob dydd.",
    "We would like to be told what is happening, whatever it is.",
)
ADVICE = (
    "Try a quiet start to the day for six weeks, and telephone us if it does not help.",
    "Defnyddiwch amserlen weledol a chofnodwch beth sy'n newid.",
    "The school nurse can see the pupil sooner than we can.",
)
IDENTIFIED = (
    "A block of six sessions, reviewed at the end of term.",
    "Therapi unwaith y mis yn yr ysgol, gyda chyngor i'r staff.",
)
REASONS = (
    "Anxiety prevents attendance on most Mondays; we have tried the strategies in the plan for two terms.",
    "Yn osgoi cwmni ac wedi rhoi'r gorau i fwyta yn y ffreutur.",
    "Speech is hard to follow for adults who do not know the pupil.",
    "Sensory needs observed across three lessons; sleep is poor.",
    "Possible autism: observations by two teachers and the wellbeing team attached.",
)
DISCUSSION = (
    "Attendance is better since the quiet start; lunchtimes remain hard.",
    "Mae'r cynllun yn gweithio yn y boreau. Angen cyngor ar gyfer y prynhawn.",
    "Waiting for the agency's assessment; the school continues with the plan.",
    "The family came to the school and were glad of the visit.",
)
DECISION = (
    "Keep the plan and review at the next Hwb.",
    "Gofyn i'r gwasanaeth am ddyddiad.",
    "The school nurse to see the pupil before half-term.",
    "Refer, with the parents' agreement.",
)
ACTION = (
    "Telephone the family",
    "Ask for the date of the assessment",
    "Anfon yr arsylwadau",
    "Try the quiet room at lunch",
)
REPLY = (
    "We are sorry for the absences. A vacancy will be filled from next month.",
    "Two of these dates clashed with clinics. A deputy will attend from now on.",
)


def adult_name(random: Random) -> str:
    """The name of a fictional adult."""
    return f"{random.choice(FORENAMES_F + FORENAMES_M)} {random.choice(SURNAMES)}"
