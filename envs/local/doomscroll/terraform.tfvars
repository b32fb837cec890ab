# Values of doomscroll in local: those of dev. What is not here has the module's default; rows are those of specs/requirements.yaml.

# FD-RDS-22, FD-SEC-M3: examples, no secrets: the emulator keeps nothing that they could protect. Elsewhere they are never
# in a file.
db_password    = "example-for-the-emulator-only"
session_secret = "another-example-for-the-emulator"

# Names of the document are prod's; here they have an end.
name_suffix = "-local"

# FD-OV-02, FD-SES-06: a name is one identity of SES and one alias of CloudFront, so prod's cannot be used twice.
domain_name = "local.yourdomain.com"

# FD-RDS-03: the class for development and testing.
db_instance_class = "db.t4g.micro"

# FD-COST-05: spare capacity is good enough here.
use_fargate_spot = true

# FD-SES-11, FD-SES-12, FD-SES-13: optional.
enable_ses_templates = false

# FD-RDS-18: everything can be removed at once.
deletion_protection = false
final_snapshot      = false
force_destroy       = true

# FD-COST-01: budget.
monthly_budget = 60
