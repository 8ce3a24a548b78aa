"""Words that schools' systems write where we have a code: sex, language, provision and needs, English and Welsh.

Words of the codes' own labels are among them. Not mapped on purpose: `B` (benyw or boy), a bare `ALN`, `ADY` or `SEN`
(that there is a need, not which provision), a home language (no wish).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from coordination.directory.codes import initial

WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "sex": {
        "F": ("f", "female", "girl", "benyw", "merch"),
        "M": ("m", "male", "boy", "gwryw", "bachgen"),
        # NHS data dictionary, person stated gender: X is "not known"
        "U": (
            "u",
            "x",
            "unknown",
            "not known",
            "not recorded",
            "not stated",
            "anhysbys",
            "ddim yn hysbys",
            "heb ei nodi",
        ),
        "I": ("i", "indeterminate", "not specified", "unspecified", "amhenodol", "heb ei bennu"),
    },
    "language": {
        "en": ("en", "eng", "english", "saesneg", "e"),
        "cy": ("cy", "cym", "wel", "welsh", "cymraeg", "w", "c"),
    },
    "provision": {
        "idp_school": (
            "idp school",
            "school idp",
            "idp school maintained",
            "school maintained idp",
            "cdu ysgol",
            "cdu a gynhelir gan yr ysgol",
            "individual development plan school",
        ),
        "idp_la": (
            "idp la",
            "la idp",
            "lea idp",
            "idp lea",
            "local authority idp",
            "idp local authority",
            "la maintained idp",
            "idp la maintained",
            "local authority maintained idp",
            "cdu all",
            "cdu awdurdod lleol",
        ),
        "idp_fei": ("idp fei", "fei idp", "fe idp", "cdu sab"),
        "being_decided": (
            "being decided",
            "being assessed",
            "under assessment",
            "under consideration",
            "pending",
            "wrthi n penderfynu",
            "dan ystyriaeth",
        ),
        "no_aln": (
            "n",
            "none",
            "no aln",
            "no sen",
            "no",
            "no special educational need",
            "no special educational needs",
            "no additional learning needs",
            "no provision",
            "not applicable",
            "dim",
            "dim ady",
            "dim aaa",
            "na",
        ),
        "ehc_plan": ("e", "ehcp", "ehc", "ehc plan", "education health and care plan"),
        "school_action": ("a", "sa", "school action", "gweithredu gan yr ysgol", "gy"),
        "school_action_plus": (
            "p",
            "sa plus",
            "sap",
            "school action plus",
            "gweithredu gan yr ysgol a mwy",
            "gy a mwy",
        ),
        "statement": ("s", "statement", "statemented", "statement of sen", "datganiad"),
    },
    "need": {
        "MLD": ("moderate learning difficulty", "moderate learning difficulties"),
        "GLD": ("general learning difficulty",),
        "SLD": ("severe learning difficulty", "severe learning difficulties"),
        "PMLD": ("profound and multiple learning difficulty", "profound multiple learning difficulties"),
        "DYSL": ("dyslexia", "dyslecsia"),
        "DYSC": ("dyscalculia", "dyscalcwlia"),
        "DYSP": ("dyspraxia", "dyspracsia", "dcd", "developmental coordination disorder"),
        "ADHD": ("adhd", "add", "attention deficit hyperactivity disorder", "attention deficit disorder"),
        "BESD": (
            "semh",
            "ebd",
            "sebd",
            "social emotional and mental health",
            "social emotional mental health",
            "behaviour emotional and social difficulties",
            "behavioural emotional and social difficulty",
        ),
        "SLCD": (
            "slcn",
            "speech language and communication needs",
            "speech language and communication need",
            "speech and language",
            "lleferydd iaith a chyfathrebu",
        ),
        "ASD": (
            "asc",
            "autism",
            "autistic",
            "autistic spectrum disorder",
            "autism spectrum condition",
            "awtistiaeth",
        ),
        "HI": ("hearing", "hearing loss", "deaf", "nam ar y clyw"),
        "VI": ("visual", "sight loss", "nam ar y golwg"),
        "MSI": ("multi sensory impairment", "multisensory impairment"),
        "PMED": ("pd", "physical disability", "physical difficulties", "medical", "physical and medical"),
    },
}
BARE_PLAN = frozenset({"idp", "cdu", "individual development plan", "cynllun datblygu unigol"})
"""A plan without a word on who maintains it: taken as the school's own, and said."""
NO_COUNTERPART = frozenset({"k", "sen support", "sens", "cefnogaeth aaa"})
"""Provision of England that has no counterpart in Wales."""
_TABLE_OF_FIELD = {"sex": "sex", "language": "language", "provision": "provision", "needs": "need"}


def word_key(text: str) -> str:
    """A word as it is compared: letters and digits, no accents, single spaces, in small letters; `+` is `plus`."""
    apart = unicodedata.normalize("NFD", text.casefold().replace("+", " plus "))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]|_", " ", plain).split())


def _by_word() -> dict[str, dict[str, str]]:
    found = {
        table: {word_key(word): code for code, words in codes.items() for word in (code, *words)}
        for table, codes in WORDS.items()
    }
    for content in initial():
        if content.table in found:
            for label in filter(None, (content.label, content.label_cy)):
                found[content.table].setdefault(word_key(label), content.code)
    return found


_CODES = _by_word()


def table_of(field: str) -> str:
    """The code table of a field of a sheet (`needs` has the table `need`). Raises KeyError for a field without one."""
    return _TABLE_OF_FIELD[field]


def code_of(table: str, text: str, own: Mapping[str, str] | None = None) -> str | None:
    """The code of a word: by the school's own words first (word -> code), then by ours; None if no word is known."""
    key = word_key(text)
    for word, code in (own or {}).items():
        if word_key(word) == key:
            return code
    return _CODES[table].get(key)


def codes_of_needs(text: str, own: Mapping[str, str] | None = None) -> str:
    """A cell of needs with each known word put as its code, separated by `;`; unknown words stay as they are.

    Entries are separated by `;` or a new line, and by `,` or `/` where every part is then known.
    """
    found: list[str] = []
    for entry in re.split(r"[;\n]", text):
        code = code_of("need", entry, own)
        parts = [part for part in re.split(r"[,/]", entry) if part.strip()]
        codes = [code_of("need", part, own) for part in parts]
        if code is not None or not entry.strip():
            found.append(code or "")
        elif len(parts) > 1 and None not in codes:
            found += [one for one in codes if one]
        else:
            found.append(entry)
    return ";".join(found)


def accepted_words(table: str) -> tuple[str, ...]:
    """The words that are shown where one is refused: each code with its first words."""
    return tuple(
        " / ".join(dict.fromkeys([code, *(word for word in words if len(word) > 2)][:3]))
        for code, words in WORDS[table].items()
    )
