"""Documents that are attached."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "document_empty": N_("This file is empty. Choose another one."),
    "document_too_large": N_("This file is larger than %(most)s MB. Make it smaller, or send it in parts."),
    "document_type_not_accepted": N_(
        "Files of this kind cannot be attached. Attach a PDF, an image or an Office file[ (%(accepted)s)]."
    ),
    "document_old_office": N_(
        "This is a file of an old Office version. Save it as a PDF or in the newer format, and attach that."
    ),
    "document_program": N_("This file is a program, whatever its name says. It was not attached."),
    "document_encrypted": N_(
        "This file is protected with a password, so it cannot be checked. Attach a copy without a password."
    ),
    "document_active": N_(
        "This file contains macros, scripts or something that starts by itself. Save it as a PDF, and attach that."
    ),
    "document_embeds": N_("This file has other files inside it. Attach each file by itself."),
    "document_external": N_(
        "Parts of this file would be fetched from another computer. Save it as a PDF, and attach that."
    ),
    "document_bomb": N_("This file would unpack to an enormous size. It was not attached."),
    "document_unreadable": N_(
        "This file is damaged or not what it claims to be. Save it anew, and attach that."
    ),
    "document_infected": N_("The virus scanner found something in this file. It was not attached."),
    "scanner_unreachable": N_(
        "The virus scanner does not answer, so no file can be attached now. Nothing else was lost."
        " Try again in a few minutes."
    ),
    "document_exists": N_("This document is already attached."),
    "requirement_of_referral": N_("Only a document of a referral can answer what a service asks for."),
    "pupil_not_in_evidence": N_("The document names a pupil whose wait is not part of this challenge."),
}
