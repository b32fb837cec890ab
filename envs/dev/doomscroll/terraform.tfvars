# Values of doomscroll in dev. What is not here has the module's default; rows are those of specs/requirements.yaml.
# db_password and session_secret are given as TF_VAR_db_password and TF_VAR_session_secret, to plan and to apply.

# Names of the document are prod's; here they have an end.
name_suffix = "-dev"

# FD-OV-02, FD-SES-06: a name is one identity of SES and one alias of CloudFront, so prod's cannot be used twice.
domain_name = "dev.yourdomain.com"

# FD-RDS-03: the class for development and testing.
db_instance_class = "db.t4g.micro"

# FD-COST-05: spare capacity is good enough here.
use_fargate_spot = true

# FD-SES-11, FD-SES-12, FD-SES-13: optional.
enable_ses_templates = false

# FD-RDS-18: on here too. To remove the stack: false first, apply, then destroy.
deletion_protection = true
final_snapshot      = false
force_destroy       = true

# FD-COST-01: budget.
monthly_budget = 60
