"""The fictional county of Dyffryn Arfor: its schools, agencies, services and the people who work there."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec


def fixed_id(what: str) -> UUID:
    """A fixed id for a fictional thing."""
    return uuid5(NAMESPACE_URL, f"https://dyffryn-arfor.example/{what}")


class FictionalSchool(msgspec.Struct, frozen=True):
    """A fictional school; `years` are the first and last national curriculum year, `pupils` those with needs."""

    number: str
    name: str
    phase: str
    language: str
    years: tuple[int, int]
    pupils: int

    @property
    def id(self) -> UUID:
        return fixed_id(f"school/{self.number}")

    @property
    def holds_hwb(self) -> bool:
        """The secondaries, and the school for all ages, hold a monthly Hwb meeting."""
        return self.phase in ("secondary", "all_age")


class FictionalService(msgspec.Struct, frozen=True, kw_only=True):
    """A fictional service and its habits. Days are calendar days; `late` is the share of its waits that drag on,
    `missed` of appointments not kept, `declines` of referrals not taken on, `signs_in` of its milestones it records
    itself (the others are reported by the school), `comes` of meetings it attends. `standards` are published ones, by
    their code in `coordination/directory/standards.json`; a service for which nothing is published has none."""

    code: str
    name: str
    name_cy: str
    agency: str
    profession: str
    share: float
    acknowledges: int
    offers: int
    sees: int
    late: float
    missed: float
    declines: float
    signs_in: float
    comes: float
    asks: tuple[str, ...]
    standards: tuple[str, ...] = ()
    terms: bool = True

    @property
    def id(self) -> UUID:
        return fixed_id(f"service/{self.code}")

    @property
    def agency_id(self) -> UUID:
        return fixed_id(f"agency/{self.agency}")

    @property
    def clinician(self) -> UUID:
        return fixed_id(f"person/{self.code}/clinician")

    @property
    def manager(self) -> UUID:
        return fixed_id(f"person/{self.code}/manager")


AUTHORITY = fixed_id("authority/699")
REFERENCE = fixed_id("reference")
ADMINISTRATOR = fixed_id("person/authority/administrator")
AUDITOR = fixed_id("person/authority/auditor")
CASEWORKER = fixed_id("person/authority/caseworker")
PANEL = fixed_id("person/authority/panel")
BASE = fixed_id("service/CANOLFAN")
DECLO = fixed_id("person/BIA/declo")
OTHER_DECLO = fixed_id("person/BIG/declo")

SCHOOLS = (
    FictionalSchool("6994001", "Ysgol Uwchradd Glan Arfor", "secondary", "welsh", (7, 13), 80),
    FictionalSchool("6994002", "Tregarreg High School", "secondary", "english", (7, 11), 80),
    FictionalSchool("6994003", "Ysgol Bro Meirion Fach", "secondary", "bilingual", (7, 13), 70),
    FictionalSchool("6994004", "Aberllan Comprehensive", "secondary", "english", (7, 11), 70),
    FictionalSchool("6995001", "Ysgol Gydol Oes y Dderwen", "all_age", "welsh", (0, 11), 60),
    FictionalSchool("6992001", "Ysgol Gynradd Pont y Felin", "primary", "welsh", (0, 6), 45),
    FictionalSchool("6992002", "Seaview Primary School", "primary", "english", (0, 6), 40),
    FictionalSchool("6992003", "Ysgol Gynradd Llwyn Onn", "primary", "bilingual", (0, 6), 30),
    FictionalSchool("6992004", "St Tudno's Primary School", "primary", "english", (0, 6), 35),
    FictionalSchool("6992005", "Ysgol Gynradd Cwm Bach", "primary", "bilingual", (0, 6), 10),
    FictionalSchool("6991001", "Meithrinfa'r Enfys", "nursery", "bilingual", (-2, -1), 10),
    FictionalSchool("6997001", "Ysgol Arbennig y Graig", "special", "bilingual", (0, 13), 40),
    FictionalSchool("6991101", "Canolfan Dysgu'r Bont", "pru", "bilingual", (7, 11), 14),
    FictionalSchool("6996001", "Plas Coed Independent School", "independent", "english", (7, 11), 9),
    FictionalSchool("6991102", "Addysg Heblaw yn yr Ysgol", "eotas", "bilingual", (7, 11), 7),
)

AGENCIES = (
    # code, English, Welsh, kind, ODS code
    ("BIA", "Arfor Health Board", "Bwrdd Iechyd Arfor", "local_health_board", "7ZZ"),
    (
        "ADDYSG",
        "Dyffryn Arfor Inclusion Service",
        "Gwasanaeth Cynhwysiant Dyffryn Arfor",
        "la_education",
        None,
    ),
    ("CYMORTH", "Cymorth Arfor Children's Services", "Gwasanaethau Plant Arfor", "la_social_services", None),
    # a neighbouring authority, independent of the parties, so that its DECLO can be asked to rule
    ("BIG", "Gororau Health Board", "Bwrdd Iechyd y Gororau", "local_health_board", "7ZY"),
    ("CLUST", "Y Glust: Counselling for Young People", "Y Glust: Cwnsela i Bobl Ifanc", "third_sector", None),
)

SERVICES = (
    FictionalService(
        code="CAMHS",
        name="Child and Adolescent Mental Health Team",
        name_cy="Tîm Iechyd Meddwl Plant a’r Glasoed",
        agency="BIA",
        profession="camhs",
        share=0.20,
        acknowledges=3,
        offers=6,
        sees=15,
        late=0.45,
        missed=0.18,
        declines=0.22,
        signs_in=0.7,
        comes=0.45,
        asks=("parents_view", "childs_view", "school_observation", "risk_assessment"),
        standards=("scamhs_first_appointment", "s20_answer"),
    ),
    FictionalService(
        code="LPMHSS",
        name="Primary Mental Health Support",
        name_cy="Cymorth Iechyd Meddwl Sylfaenol",
        agency="BIA",
        profession="primary_mental_health",
        share=0.10,
        acknowledges=1,
        offers=3,
        sees=8,
        late=0.15,
        missed=0.12,
        declines=0.10,
        signs_in=0.95,
        comes=0.8,
        asks=("parents_view", "childs_view"),
        standards=("lpmhss_assessment", "lpmhss_intervention"),
    ),
    FictionalService(
        code="ND",
        name="Neurodevelopment Team",
        name_cy="Tîm Niwroddatblygiad",
        agency="BIA",
        profession="neurodevelopment",
        share=0.14,
        acknowledges=8,
        offers=80,
        sees=130,
        late=0.6,
        missed=0.08,
        declines=0.18,
        signs_in=0.6,
        comes=0.3,
        asks=("developmental_history", "school_observation", "teacher_questionnaire", "parent_questionnaire"),
        standards=("neurodevelopment_assessment", "s20_answer"),
        terms=False,
    ),
    FictionalService(
        code="SALT",
        name="Speech and Language Therapy",
        name_cy="Therapi Lleferydd ac Iaith",
        agency="BIA",
        profession="speech_and_language_therapy",
        share=0.16,
        acknowledges=5,
        offers=36,
        sees=64,
        late=0.2,
        missed=0.1,
        declines=0.06,
        signs_in=0.9,
        comes=0.75,
        asks=("school_observation", "language_wish"),
        standards=("therapies", "s20_answer"),
    ),
    FictionalService(
        code="OT",
        name="Children’s Occupational Therapy",
        name_cy="Therapi Galwedigaethol Plant",
        agency="BIA",
        profession="occupational_therapy",
        share=0.08,
        acknowledges=6,
        offers=38,
        sees=64,
        late=0.3,
        missed=0.08,
        declines=0.12,
        signs_in=0.8,
        comes=0.5,
        asks=("school_observation", "strategies_tried"),
        standards=("therapies", "s20_answer"),
    ),
    FictionalService(
        code="PAED",
        name="Community Paediatrics",
        name_cy="Pediatreg Gymunedol",
        agency="BIA",
        profession="paediatrics",
        share=0.05,
        acknowledges=10,
        offers=50,
        sees=95,
        late=0.4,
        missed=0.1,
        declines=0.05,
        signs_in=0.0,
        comes=0.0,
        asks=("growth_and_hearing_check", "gp_details"),
        standards=("referral_to_treatment", "s20_answer"),
        terms=False,
    ),
    FictionalService(
        code="NYRS",
        name="School Nursing",
        name_cy="Nyrsys Ysgol",
        agency="BIA",
        profession="school_nursing",
        share=0.05,
        acknowledges=2,
        offers=3,
        sees=8,
        late=0.05,
        missed=0.06,
        declines=0.02,
        signs_in=0.95,
        comes=0.92,
        asks=("parents_view",),
    ),
    FictionalService(
        code="EPS",
        name="Educational Psychology Service",
        name_cy="Gwasanaeth Seicoleg Addysg",
        agency="ADDYSG",
        profession="educational_psychology",
        share=0.12,
        acknowledges=3,
        offers=16,
        sees=32,
        late=0.25,
        missed=0.03,
        declines=0.1,
        signs_in=0.9,
        comes=0.8,
        asks=("attainment_record", "strategies_tried", "parents_view"),
    ),
    FictionalService(
        code="CWNSELA",
        name="Y Glust Counselling",
        name_cy="Cwnsela Y Glust",
        agency="CLUST",
        profession="counselling",
        share=0.07,
        acknowledges=2,
        offers=6,
        sees=13,
        late=0.1,
        missed=0.14,
        declines=0.03,
        signs_in=0.5,
        comes=0.88,
        asks=("childs_view",),
    ),
    FictionalService(
        code="LLES",
        name="Family Support Team",
        name_cy="Tîm Cymorth i Deuluoedd",
        agency="CYMORTH",
        profession="family_support",
        share=0.03,
        acknowledges=3,
        offers=5,
        sees=11,
        late=0.2,
        missed=0.15,
        declines=0.08,
        signs_in=0.6,
        comes=0.6,
        asks=("parents_view",),
    ),
)

STAFF = (("alnco", "ALNCo"), ("head", "Head"), ("wellbeing_coordinator", "Wellbeing"))

SAFEGUARDING = "designated_safeguarding_person"


def staff_member(school: FictionalSchool, role: str) -> UUID:
    """The person who has a role at a school."""
    return fixed_id(f"person/{school.number}/{role}")


TEACHER = staff_member(SCHOOLS[0], "class_teacher")


# The people as whom a visitor can sign in, so that their names are the same everywhere.
NAMES = {
    staff_member(SCHOOLS[0], "alnco"): "Lowri Gruffydd",
    staff_member(SCHOOLS[0], "head"): "Gethin Humphreys",
    TEACHER: "Non Elis",
    PANEL: "Gwenda Prys",
    SERVICES[0].clinician: "Maya Patel",
    next(s for s in SERVICES if s.code == "SALT").clinician: "Sioned Mathias",
    AUDITOR: "Rhiannon Bowen",
    CASEWORKER: "Delyth Pugh",
    ADMINISTRATOR: "Oscar Prosser",
}
