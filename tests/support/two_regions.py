"""A stack in two regions as rewind makes it, in small, made by boto3: what a failover drill looks at."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from tooling.target import Target

FIRST, SECOND = "us-east-1", "us-west-2"
DOMAIN = "api.example.com"
ROUTES = {"/podcasts": ("GET", "podcastHandler"), "/share": ("POST", "shareHandler")}


class TwoRegions:
    """Makes everything at once; the attributes are what a test then changes.

    Args:
        target: A running emulator.
        name: Part of every name.
    """

    def __init__(self, target: Target, name: str) -> None:
        self.target = target
        self.name = name
        self.table = f"table-{name}"
        self.role = self._role()
        self.buckets = {region: f"site-{name}-{region}" for region in (FIRST, SECOND)}
        self._make_buckets()
        self._make_table()
        self.apis = {region: self._make_api(region) for region in (FIRST, SECOND)}
        self.domains = {region: self._make_domain(region) for region in (FIRST, SECOND)}
        self.zone, self.health_check = self._make_records()
        self.distribution = self._make_distribution()

    @property
    def outputs(self) -> dict[str, Any]:
        return {
            "bucket_name": self.buckets[FIRST],
            "distribution_id": self.distribution,
            "api_url": f"https://{DOMAIN}",
            "table_name": self.table,
            "user_pool_id": "us-east-1_pool",
            "personalize_dataset_group_arn": "arn:group",
            "retraining_arn": "arn:training",
            "failover": {
                "region": SECOND,
                "bucket_name": self.buckets[SECOND],
                "api_id": self.apis[SECOND],
                "api_url": f"https://{self.apis[SECOND]}.execute-api.{SECOND}.amazonaws.com/v1",
                "table_name": self.table,
                "api_domain": DOMAIN,
                "health_check_id": self.health_check,
                "zone_id": self.zone,
            },
        }

    def client(self, service: str, region: str = FIRST) -> Any:
        return self.target.client(service, region)

    def _role(self) -> str:
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
        made = self.client("iam").create_role(RoleName=f"role-{self.name}", AssumeRolePolicyDocument=json.dumps(policy))
        return str(made["Role"]["Arn"])

    def _make_buckets(self) -> None:
        for region, bucket in self.buckets.items():
            client = self.client("s3", region)
            place = {} if region == FIRST else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            client.create_bucket(Bucket=bucket, **place)
            client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        rule = {
            "ID": "all",
            "Status": "Enabled",
            "Priority": 1,
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Enabled"},
            "Destination": {"Bucket": f"arn:aws:s3:::{self.buckets[SECOND]}"},
        }
        self.client("s3").put_bucket_replication(
            Bucket=self.buckets[FIRST], ReplicationConfiguration={"Role": self.role, "Rules": [rule]}
        )
        for key in ("index.html", "assets/a.js"):
            self.client("s3").put_object(Bucket=self.buckets[FIRST], Key=key, Body=key.encode())

    def _make_table(self) -> None:
        client = self.client("dynamodb")
        client.create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("PK", "SK")],
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        client.update_table(TableName=self.table, ReplicaUpdates=[{"Create": {"RegionName": SECOND}}])
        for number in range(3):
            item = {"PK": {"S": f"USER#{number}"}, "SK": {"S": "PROFILE"}, "Tags": {"SS": ["b", "a"]}}
            client.put_item(TableName=self.table, Item=item)

    def _make_api(self, region: str) -> str:
        client = self.client("apigateway", region)
        api = client.create_rest_api(name=f"api-{self.name}")
        for path, (method, function) in ROUTES.items():
            resource = client.create_resource(
                restApiId=api["id"], parentId=api["rootResourceId"], pathPart=path.removeprefix("/")
            )["id"]
            self.make_function(region, function)
            for verb, kind, extra in (
                (method, "AWS_PROXY", {"uri": self.integration(region, function)}),
                ("OPTIONS", "MOCK", {}),
            ):
                client.put_method(restApiId=api["id"], resourceId=resource, httpMethod=verb, authorizationType="NONE")
                client.put_integration(
                    restApiId=api["id"],
                    resourceId=resource,
                    httpMethod=verb,
                    type=kind,
                    integrationHttpMethod="POST",
                    **extra,
                )
        client.create_deployment(restApiId=api["id"], stageName="v1")
        return str(api["id"])

    def make_function(self, region: str, function: str) -> None:
        self.client("lambda", region).create_function(
            FunctionName=f"{function}-{self.name}",
            Runtime="nodejs22.x",
            Role=self.role,
            Handler="index.handler",
            Code={"ZipFile": package(function)},
            Environment={"Variables": {"DYNAMODB_TABLE_NAME": self.table}},
        )

    def integration(self, region: str, function: str) -> str:
        arn = f"arn:aws:lambda:{region}:{self.target.account_id}:function:{function}-{self.name}"
        return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"

    def _make_domain(self, region: str) -> str:
        client = self.client("apigateway", region)
        made = client.create_domain_name(
            domainName=DOMAIN,
            regionalCertificateArn=f"arn:aws:acm:{region}:{self.target.account_id}:certificate/1",
            endpointConfiguration={"types": ["REGIONAL"]},
        )
        client.create_base_path_mapping(domainName=DOMAIN, restApiId=self.apis[region], stage="v1")
        return str(made["regionalDomainName"])

    def _make_records(self) -> tuple[str, str]:
        client = self.client("route53")
        zone = client.create_hosted_zone(Name="example.com", CallerReference=self.name)["HostedZone"]["Id"]
        self.reachable = client.create_health_check(
            CallerReference=f"reachable-{self.name}",
            HealthCheckConfig={
                "Type": "TCP",
                "FullyQualifiedDomainName": f"{self.apis[FIRST]}.execute-api.{FIRST}.amazonaws.com",
                "Port": 443,
            },
        )["HealthCheck"]["Id"]
        check = client.create_health_check(
            CallerReference=f"api-{self.name}",
            HealthCheckConfig={"Type": "CALCULATED", "ChildHealthChecks": [self.reachable], "HealthThreshold": 1},
        )["HealthCheck"]["Id"]
        self.zone, self.health_check = zone.rpartition("/")[2], check
        self.change_record("CREATE", "PRIMARY", self.domains[FIRST], check)
        self.change_record("CREATE", "SECONDARY", self.domains[SECOND])
        return self.zone, check

    def change_record(self, action: str, role: str, address: str, check: str | None = None) -> None:
        record = {
            "Name": DOMAIN,
            "Type": "A",
            "SetIdentifier": role.lower(),
            "Failover": role,
            "AliasTarget": {"HostedZoneId": "Z1UJRXOUMOOFQ8", "DNSName": address, "EvaluateTargetHealth": True},
            **({"HealthCheckId": check} if check else {}),
        }
        self.client("route53").change_resource_record_sets(
            HostedZoneId=self.zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]}
        )

    def _make_distribution(self) -> str:
        origins = [
            {
                "Id": region,
                "DomainName": f"{bucket}.s3.{region}.amazonaws.com",
                "S3OriginConfig": {"OriginAccessIdentity": ""},
            }
            for region, bucket in self.buckets.items()
        ]
        group = {
            "Id": "site",
            "FailoverCriteria": {"StatusCodes": {"Quantity": 4, "Items": [500, 502, 503, 504]}},
            "Members": {"Quantity": 2, "Items": [{"OriginId": region} for region in self.buckets]},
        }
        config = {
            "CallerReference": self.name,
            "Comment": "",
            "Enabled": True,
            "Origins": {"Quantity": 2, "Items": origins},
            "OriginGroups": {"Quantity": 1, "Items": [group]},
            "DefaultCacheBehavior": {
                "TargetOriginId": "site",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
            },
        }
        made = self.client("cloudfront").create_distribution(DistributionConfig=config)
        return str(made["Distribution"]["Id"])


def package(function: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.mjs", (1980, 1, 1, 0, 0, 0)), f"// {function}")
    return buffer.getvalue()
