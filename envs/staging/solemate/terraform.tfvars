# Values of solemate in staging. What is not here has the module's default; rows are those of specs/requirements.yaml.
# master_password is given as TF_VAR_master_password, to plan and to apply.

# SM-ENV-04: addresses.
vpc_cidr = "10.0.0.0/16"

# SM-ENV-05: database.
db_instance_class = "db.t3.micro"

# SM-RDS-01: RDS no longer creates the document's 15.4; it picks the newest 15 and keeps it up to date.
engine_version = "15"

# SM-ENV-06, SM-FR1-07: tasks.
ecs_desired_count = 1
ecs_max_count     = 4

# SM-FR1-03: EC2 instances.
asg_min_size         = 1
asg_desired_capacity = 1
asg_max_size         = 2

# SM-ENV-07, SM-ENV-08: the certificate is made for this name.
domain_name = "staging.solemate.com"

# SM-FR2-08, SM-FR3-08, SM-FR5-05, SM-FR5-06, SM-INT-04: for production only.
read_replica_count   = 0
enable_replication   = false
enable_account_audit = false
enable_aws_backup    = false

# SM-NET-14: by the hour, so for production only.
interface_endpoints = []

# SM-RDS-05: everything can be removed.
deletion_protection = false
final_snapshot      = false
force_destroy       = true

# SM-FR6-02: retention.
log_retention_days = 14

# SM-FR6-06: budget.
monthly_budget = 100

# SM-FR6-01: who is told. An example: put yours here.
alert_emails = ["oncall@example.com"]
