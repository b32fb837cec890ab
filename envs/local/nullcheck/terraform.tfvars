# Values of nullcheck in local: those of dev. What is not here has the module's default; rows are those of specs/requirements.yaml.

# NC-DEP-01: an example, no secret: the emulator keeps nothing that it could protect. Elsewhere it is never in a file.
encryption_key = "example-for-the-emulator-only"

# NC-DDB-01, NC-BR-01, NC-MC-01: the document's own names are those of prod.
name_suffix = "-local"

# NC-DEP-02: the document's default; any page may call.
cors_origin = "*"

# NC-DDB-06: everything can be removed.
deletion_protection = false
force_destroy       = true

# NC-DR-04: no backups.
enable_pitr = false

# NC-MON-03, NC-MON-04, NC-MON-05: no alarms, no dead letters, no archive.
enable_alarms        = false
enable_dlq           = false
enable_event_archive = false

# NC-MON-02: no key of our own, and a retention of two weeks.
encrypt_logs       = false
log_retention_days = 14

# NC-API-07: an account has one role for the logs of all its REST APIs; rewind, in the same account, looks after it.
manage_api_gateway_account = false
