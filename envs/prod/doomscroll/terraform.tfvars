# Values of doomscroll in prod. What is not here has the module's default; rows are those of specs/requirements.yaml.
# db_password and session_secret are given as TF_VAR_db_password and TF_VAR_session_secret, to plan and to apply.
# pagerduty_endpoint is a secret as well: TF_VAR_pagerduty_endpoint.

# FD-OV-02: the document's domain. With no zone given one is made, and the domain has to be delegated to it.
domain_name = "yourdomain.com"

# FD-RDS-04: the class for production.
db_instance_class = "db.t4g.small"

# FD-COST-05: no task may be interrupted.
use_fargate_spot = false

# FD-SES-11, FD-SES-12, FD-SES-13: the application's mails.
enable_ses_templates = true

# FD-SES-08, FD-SES-09: what production sends, after the request to leave the sandbox (FD-SES-02).
request_ses_quotas = true

# FD-RDS-18: what holds data is retained.
deletion_protection = true
final_snapshot      = true
force_destroy       = false

# FD-COST-02: budget.
monthly_budget = 110

# FD-ALM-11: who is warned. An example: put yours here.
alert_email = "oncall@example.com"
