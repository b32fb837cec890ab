# Values of nullcheck in prod. What is not here has the module's default; rows are those of specs/requirements.yaml.

# NC-DEP-01: encryption_key is a secret and not here: export TF_VAR_encryption_key, 16 characters or more.

# NC-DDB-01, NC-BR-01, NC-MC-01: the names as the document has them.
name_suffix = ""

# NC-DEP-02: the origin of the application's own pages and no other. An example: put yours here.
cors_origin = "https://nullcheck.example.com"

# NC-API-08: as the document has it. Whole requests and responses are logged: turn it off once there are users.
data_trace_enabled = true

# NC-DDB-06: what holds data is retained.
deletion_protection = true
force_destroy       = false

# NC-DR-04: 35 days of backups of the table.
enable_pitr = true

# NC-MON-03, NC-MON-04, NC-MON-05: alarms, dead letters, and an archive to replay from.
enable_alarms        = true
enable_dlq           = true
enable_event_archive = true

# NC-MON-03: who is told. Without anybody the alarms are only in the console.
alert_emails = []

# NC-MON-02: logs under a key of our own, kept 30 days.
encrypt_logs       = true
log_retention_days = 30

# NC-API-07: an account has one role for the logs of all its REST APIs; rewind, in the same account, looks after it.
manage_api_gateway_account = false
