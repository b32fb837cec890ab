# Values of kefir in dev. What is not here has the module's default; rows are those of specs/requirements.yaml.

# KF-S3-05, KF-API-03: the origins of Expo's development servers.
app_domains = ["http://localhost:8081", "http://localhost:19006"]

# KF-FN-01: Lambda no longer creates functions with the document's nodejs20.x.
lambda_runtime = "nodejs22.x"

# KF-AUT-06: advanced security, and the tier that is paid per user for it, are for production.
user_pool_tier         = "ESSENTIALS"
advanced_security_mode = "OFF"

# KF-COST-01, KF-COST-03, KF-AUT-07: everything can be removed.
deletion_protection = false
force_destroy       = true

# KF-DDB-05, KF-S3-02: neither backups nor old versions.
enable_pitr       = false
enable_versioning = false

# KF-MON-01, KF-MON-15: no alarms, no dashboard, no key of our own.
enable_monitoring = false
encrypt_logs      = false

# KF-COST-02: minimal retention.
log_retention_days = 3
