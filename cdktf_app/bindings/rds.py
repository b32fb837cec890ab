"""Amazon RDS."""

from cdktf_cdktf_provider_aws.db_instance import DbInstance
from cdktf_cdktf_provider_aws.db_instance_automated_backups_replication import DbInstanceAutomatedBackupsReplication
from cdktf_cdktf_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from cdktf_cdktf_provider_aws.db_subnet_group import DbSubnetGroup

__all__ = [
    "DbInstance",
    "DbInstanceAutomatedBackupsReplication",
    "DbParameterGroup",
    "DbParameterGroupParameter",
    "DbSubnetGroup",
]
