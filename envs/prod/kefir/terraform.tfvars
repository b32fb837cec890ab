# Values of kefir in prod. What is not here has the module's default; rows are those of specs/requirements.yaml.

# KF-S3-05, KF-API-03: the app's own origins and no others. An example: put yours here.
app_domains = ["https://app.example.com"]

# KF-FN-01: Lambda no longer creates functions with the document's nodejs20.x.
lambda_runtime = "nodejs22.x"

# KF-AUT-06: advanced security needs the tier that is paid per user.
user_pool_tier         = "PLUS"
advanced_security_mode = "ENFORCED"

# KF-COST-04, KF-COST-06, KF-AUT-07: what holds data is retained.
deletion_protection = true
force_destroy       = false

# KF-DDB-05, KF-S3-02: 35 days of backups of the table, old versions of photos.
enable_pitr       = true
enable_versioning = true

# KF-MON-01, KF-MON-15: alarms and the dashboard; logs under a key of our own.
enable_monitoring = true
encrypt_logs      = true

# KF-MON-14, KF-NX-08: who is told. Without anybody the alarms are only in the console.
alert_emails        = []
alert_phone_numbers = []

# KF-COST-05: retention.
log_retention_days = 30
