# Values of rewind in prod. What is not here has the module's default; rows are those of specs/requirements.yaml.

# RW-FN-01: Lambda no longer creates functions with the document's nodejs18.x.
lambda_runtime = "nodejs22.x"

# RW-CF-04: the document's domain. With no zone given one is made, and the domain has to be delegated to it.
domain_name = "rewindpodcast.com"

# RW-COST-02: one warm instance of each function.
provisioned_concurrency = 1

# RW-CP-03, RW-CP-04, RW-CP-05: site, data and API once more in a second region.
enable_failover = true

# RW-PZ-02, RW-PZ-06: a campaign answers live. It alone costs more than the budget of RW-BUD-01.
enable_campaign = true

# RW-BUD-03, RW-BUD-04: who is told of alarms, the budget and the week's anomalies. An example: put yours here.
alert_emails = ["oncall@example.com"]

# What holds data is retained.
deletion_protection = true
enable_pitr         = true
force_destroy       = false

# RW-MON-01: retention.
log_retention_days = 30
