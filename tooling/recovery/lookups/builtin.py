"""What Terraform keeps in its state and nowhere else."""

from tooling.recovery.lookup import nothing_outside

nothing_outside("terraform_data")
