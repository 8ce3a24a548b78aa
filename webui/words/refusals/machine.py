"""The command line and the machine that the service runs on."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "already_begun": N_("The directory already has a local authority. Add people with cydlynu user add."),
    "no_directory": N_("There is no directory yet. Import one first: cydlynu import directory FILE."),
    "unknown_username": N_("There is no open account with this username."),
    "one_organisation": N_("Name one organisation: --school, --agency or --authority."),
    "role_elsewhere": N_("This role belongs to another kind of organisation: %(kinds)s."),
    "keys_missing": N_("The keys of this database are not at %(place)s. Set CYDLYNU_KEYS."),
    "ledger_key_missing": N_(
        "Heads of the ledger were signed with a key that is not at %(place)s. Put it there, or set CYDLYNU_LEDGER_KEY."
    ),
    "ledger_key_broken": N_("There is no key for signing in the file %(place)s."),
    "ledger_key_not_given": N_(
        "The key that signs heads is not on this machine. Name the public key that you were given with --key."
    ),
    "ledger_changed": N_(
        "The ledger does not contain its last head, so no further head is signed. Run cydlynu ledger verify."
    ),
    "head_broken": N_("The file is not a head of a ledger, or it was changed."),
    "head_of_another_store": N_("This is a head of another store."),
    "head_by_another_key": N_("This head was signed by another key than this store's."),
    "no_event_under_a_head": N_(
        "No head covers an event at position %(position)s. Make a head first: cydlynu ledger head."
    ),
    "no_head_yet": N_("No signed head covers the last entries yet. One is made every day."),
    "no_such_challenge": N_("There is no challenge with the reference %(reference)s."),
    "no_such_heads": N_("There are no heads of these sizes, the smaller first."),
    "keys_of_another_database": N_("The keys at %(place)s belong to another database. Set CYDLYNU_KEYS."),
    "read_models_behind": N_("The worker has not read the newest entries yet. Try again in a moment."),
    "folder_exists": N_("%(place)s is there already. Name a folder that does not exist yet."),
    "keys_inside_the_backup": N_("The keys must not lie inside the backup. Name another file for --keys."),
    "other_keys_there": N_("There are other keys at %(place)s. Name another file, or move those away first."),
    "not_a_backup": N_("There is no complete backup at %(place)s."),
    "newer_backup": N_(
        "The backup at %(place)s was made by a newer version of the program. Use that version."
    ),
    "backup_of_newer_program": N_(
        "This backup was made by a newer version of the program. Use that version."
    ),
    "backup_changed": N_("The file %(file)s of the backup is missing or was changed. Nothing was restored."),
    "backup_without_keys": N_(
        "The keys of the backup are not at %(place)s. Without them nothing personal in it can be read. Name their "
        "file with --keys."
    ),
    "keys_of_another_backup": N_(
        "The keys at %(place)s do not belong to this backup. Name others with --keys."
    ),
    "erasures_unreadable": N_(
        "The list of erasures at %(place)s has a line that cannot be read. Mend it first."
    ),
    "store_not_empty": N_(
        "The store is not empty. Nothing was restored. Restore into a new data folder, or an empty database."
    ),
    "clock_ahead": N_(
        "The clock of the service is %(days)s days after the newest entry on the record. Nothing was recorded. Tell "
        "whoever runs the service: set the clock right, or, where it is right, raise CYDLYNU_CLOCK_AHEAD."
    ),
    "rebuild_under_way": N_("A rebuild is already running. Wait until it has finished."),
}
