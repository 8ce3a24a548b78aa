"""The command line and the machine that the service runs on."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "already_begun": N_("The directory already has a local authority. Add people with cydlynu user add."),
    "no_directory": N_("There is no directory yet. Import one first: cydlynu import directory FILE."),
    "unknown_username": N_("There is no open account with this username."),
    "one_organisation": N_("Name one organisation: --school, --agency or --authority."),
    "role_elsewhere": N_("This role belongs to another kind of organisation: %(kinds)s."),
    "keys_missing": N_("The keys of this database are not at %(place)s. Set CYDLYNU_KEYS."),
    "keys_of_another_database": N_("The keys at %(place)s belong to another database. Set CYDLYNU_KEYS."),
    "read_models_behind": N_("The worker has not read the newest entries yet. Try again in a moment."),
    "rebuild_under_way": N_("A rebuild is already running. Wait until it has finished."),
}
