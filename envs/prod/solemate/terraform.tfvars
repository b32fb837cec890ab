# Values of solemate in prod. What is not here has the module's default; rows are those of specs/requirements.yaml.
# master_password is given as TF_VAR_master_password, to plan and to apply.

# SM-ENV-10: addresses.
vpc_cidr = "10.1.0.0/16"

# SM-ENV-11: database.
db_instance_class = "db.t3.small"

# SM-RDS-01: RDS no longer creates the document's 15.4; it picks the newest 15 and keeps it up to date.
engine_version = "15"

# SM-ENV-12, SM-SU-03: tasks.
ecs_desired_count = 3
ecs_max_count     = 10

# SM-FR1-03, SM-SU-03: EC2 instances.
asg_min_size         = 2
asg_desired_capacity = 2
asg_max_size         = 6

# SM-CF-02, SM-ENV-13, SM-ENV-14: the certificate is made for these names, in a zone that has to be delegated to.
domain_name       = "solemate.com"
alternative_names = ["www.solemate.com"]

# SM-FR2-08: read scaling.
read_replica_count = 1

# SM-FR3-08: a copy of the assets in a second region.
enable_replication = true

# SM-FR5-05, SM-FR5-06: the account is solemate's; in a shared one, only one stack may have this.
enable_account_audit = true

# SM-INT-04: backups apart from RDS's own.
enable_aws_backup = true

# SM-NET-14: what a task needs to start without the internet.
interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]

# SM-RDS-05: unlike the document's sample, which protects nothing.
deletion_protection = true
final_snapshot      = true
force_destroy       = false

# SM-FR6-02: retention.
log_retention_days = 90

# SM-FR6-06: budget.
monthly_budget = 500

# SM-FR6-01: who is told. An example: put yours here.
alert_emails = ["oncall@example.com"]
