"""Types of AWS resources that hold what nobody can make again from the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.gate.addresses import glob_matches

#: By type: what goes with it. In words that follow "deletes".
#:
#: Among them are log groups and queues: what is in them is nowhere else, and a ``removed`` block keeps them at no
#: cost. Not among them is what the configuration makes again just as it was (functions, rules, state machines,
#: certificates, objects uploaded by Terraform, parameters), nor the versions of a secret, of which AWS keeps the last.
_HOLDS: Mapping[str, str] = {
    "aws_acmpca_certificate_authority": "a certificate authority and its key",
    "aws_backup_logically_air_gapped_vault": "a backup vault and its recovery points",
    "aws_backup_vault": "a backup vault and its recovery points",
    # Of a template nothing is known; those of the architectures hold an agent's memory and a trained model.
    "aws_cloudformation_stack": "a CloudFormation stack and whatever it made",
    "aws_cloudtrail_event_data_store": "an event data store and the trail in it",
    "aws_cloudwatch_event_archive": "an archive and its events",
    "aws_cloudwatch_log_group": "a log group and its logs",
    "aws_codecommit_repository": "a repository and its history",
    "aws_cognito_identity_pool": "an identity pool and its identities",
    "aws_cognito_user_pool": "a user pool and its users",
    "aws_customerprofiles_domain": "a domain and its profiles",
    "aws_db_cluster_snapshot": "a snapshot",
    "aws_db_instance": "a database and its data",
    "aws_db_instance_automated_backups_replication": "copies of a database's backups",
    "aws_db_snapshot": "a snapshot",
    "aws_db_snapshot_copy": "a snapshot",
    "aws_docdb_cluster": "a database cluster and its data",
    "aws_docdb_cluster_snapshot": "a snapshot",
    "aws_docdb_global_cluster": "a database cluster and its data",
    "aws_dynamodb_global_table": "a table and its items",
    "aws_dynamodb_table": "a table and its items",
    "aws_dynamodb_table_item": "an item",
    "aws_dynamodb_table_replica": "a replica and its items",
    "aws_ebs_snapshot": "a snapshot",
    "aws_ebs_volume": "a disk and its data",
    "aws_ecr_repository": "a repository and its images",
    "aws_efs_file_system": "a file system and its files",
    "aws_elasticache_cluster": "a cache and its entries",
    "aws_elasticache_replication_group": "a cache and its entries",
    "aws_elasticache_serverless_cache": "a cache and its entries",
    "aws_elasticsearch_domain": "a search domain and its indices",
    "aws_fsx_*": "a file system and its files",
    "aws_glacier_vault": "a vault and its archives",
    "aws_keyspaces_*": "a table and its rows",
    "aws_kinesis_stream": "a stream and its records",
    "aws_kms_external_key": "a key, and with it all that it encrypts",
    "aws_kms_key": "a key, and with it all that it encrypts",
    "aws_kms_replica_external_key": "a replica of a key, and with it all that it encrypts there",
    "aws_kms_replica_key": "a replica of a key, and with it all that it encrypts there",
    "aws_memorydb_cluster": "a database and its data",
    "aws_memorydb_snapshot": "a snapshot",
    "aws_mq_broker": "a broker and its messages",
    "aws_msk_cluster": "a cluster and its records",
    "aws_msk_serverless_cluster": "a cluster and its records",
    "aws_neptune_cluster": "a database cluster and its data",
    "aws_neptune_cluster_snapshot": "a snapshot",
    "aws_opensearch_domain": "a search domain and its indices",
    "aws_opensearchserverless_collection": "a collection and its indices",
    "aws_qldb_ledger": "a ledger",
    "aws_rds_cluster": "a database cluster and its data",
    "aws_rds_global_cluster": "a database cluster and its data",
    "aws_redshift_cluster": "a warehouse and its data",
    "aws_redshift_cluster_snapshot": "a snapshot",
    "aws_redshiftserverless_namespace": "a warehouse and its data",
    "aws_route53_zone": "a zone and its names, and the name servers that the parent points to",
    "aws_s3_bucket": "a bucket, its name and its objects",
    "aws_s3_directory_bucket": "a bucket and its objects",
    "aws_s3tables_*": "tables and their rows",
    "aws_secretsmanager_secret": "a secret and all its versions",
    "aws_sqs_queue": "a queue and the messages in it",
    "aws_timestreamwrite_*": "a time series and its records",
}


def what_goes(kind: str, before: Mapping[str, Any]) -> str | None:
    """What is lost with a resource that is deleted, in words; None when the type holds nothing.

    Args:
        kind: Its type.
        before: Its attributes.
    """
    held = _HOLDS.get(kind) or next((what for glob, what in _HOLDS.items() if glob_matches(glob, kind)), None)
    if kind == "aws_s3_bucket":
        return held if before.get("force_destroy") else "a bucket and its name (AWS refuses while it has objects)"
    if kind == "aws_db_instance" and before.get("replicate_source_db"):
        return "a read replica"
    if kind in ("aws_db_instance", "aws_rds_cluster") and held is not None:
        return f"{held}, without a last snapshot" if before.get("skip_final_snapshot") else f"{held}, after a snapshot"
    return held
