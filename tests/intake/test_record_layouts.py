"""What files of schools' systems change on the record: contacts with addresses, foster carers, nothing by silence."""

from __future__ import annotations

from coordination.intake.ctf import read_ctf
from coordination.intake.pupil_sheets import PupilDefaults, read_pupils
from coordination.intake.recording.pupils import record_pupils
from coordination.service import Coordination
from tests.intake.recorded import NOW, ON, import_pupils, pupil, sealed, upn, words
from tests.intake.test_ctf import transfer

ONE = upn(1)


def test_a_file_that_does_not_tell_needs_or_sex_takes_nothing_away(county: Coordination) -> None:
    import_pupils(county, pupil(upn=ONE, surname="Prydderch", forename="Non", sex="F", needs="ASD"))
    data = f"UPN,Surname,Forename,DOB,Gender\n{ONE},Prydderch,Non,04/03/2012,U\n".encode()
    file = read_pupils(data, county.directory().code, ON, defaults=PupilDefaults("6994001"))
    assert words(record_pupils(county, file, now=NOW)) == ["unchanged"]
    assert sealed(county, ONE, "pupil.needs_recorded") == [{"needs": ["ASD"]}]


def test_a_change_is_told_from_what_to_what_and_not_in_a_report(county: Coordination) -> None:
    import_pupils(county, pupil(upn=ONE, surname="Prydderch", forename="Non", needs="ASD"))
    result = import_pupils(county, pupil(upn=ONE, surname="Prydderch", forename="Non", needs="ASD;HI"))
    (outcome,) = result.outcomes
    (change,) = outcome.differences
    assert (change.field, tuple(change.before), tuple(change.after)) == ("needs", ("ASD",), ("ASD", "HI"))
    assert "ASD" not in repr(outcome)


def test_contacts_keep_how_to_reach_them(county: Coordination) -> None:
    row = pupil(upn=ONE, contact_name="Gwen Rhys", contact_relationship="mother") | {
        "contact_telephone": "01656 000000",
        "contact_email": "gwen@example.org",
        "contact_address": "1 Y Stryd, Rhywle",
    }
    import_pupils(county, row)
    (held,) = sealed(county, ONE, "pupil.contact_recorded")
    assert (held["telephone"], held["email"], held["address"]) == (
        "01656 000000",
        "gwen@example.org",
        "1 Y Stryd, Rhywle",
    )
    assert words(import_pupils(county, row)) == ["unchanged"]
    assert words(import_pupils(county, row | {"contact_telephone": "01656 111111"})) == ["changed"]
    last = sealed(county, ONE, "pupil.contact_recorded")[-1]
    assert (last["telephone"], last["address"]) == ("01656 111111", "1 Y Stryd, Rhywle")


def test_07_ctf_foster_is_recorded(county: Coordination) -> None:
    inside = (
        "<LookedAfter><InCare>true</InCare><CareAuthority>666</CareAuthority></LookedAfter>"
        "<Contacts><Contact><Surname>Gofal</Surname><Forename>Nia</Forename><Relationship>FOM</Relationship>"
        "<Responsibility>false</Responsibility></Contact></Contacts>"
    )
    file = read_ctf(transfer(inside), county.directory().code, ON)
    record_pupils(county, file, now=NOW, whole=False)
    assert sealed(county, ONE, "pupil.looked_after_recorded") == [
        {"care_authority": "666", "looked_after": True}
    ]
    (carer,) = sealed(county, ONE, "pupil.contact_recorded")
    assert (carer["name"], carer["relationship"]) == ("Nia Gofal", "foster_carer")
