# Values of rewind in local: those of dev, in two regions. What is not here has the module's default; rows are those of specs/requirements.yaml.

# Names of the document are prod's; here they have an end.
name_suffix = "-local"

# RW-FN-01: Lambda no longer creates functions with the document's nodejs18.x.
lambda_runtime = "nodejs22.x"

# RW-CF-04: names are unique in CloudFront, so prod's cannot be used twice.
domain_name = "local.rewindpodcast.com"

# RW-COST-02: no warm instances.
provisioned_concurrency = 0

# RW-CP-03, RW-CP-04, RW-CP-05: a second region, unlike dev, so that the failover can be drilled.
enable_failover = true

# RW-PZ-02, RW-PZ-06: recommendations in batches; a campaign is paid by the hour.
enable_campaign = false

# RW-BUD-03, RW-BUD-04: who is told. An example: put yours here.
alert_emails = ["oncall@example.com"]

# Everything can be removed.
deletion_protection = false
enable_pitr         = false
force_destroy       = true

# RW-MON-01: retention.
log_retention_days = 14
