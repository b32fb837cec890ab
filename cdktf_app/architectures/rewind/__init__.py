"""rewind: a podcast web app (specs/rewind.md).

A static site behind CloudFront, a REST API of Lambda functions behind a web ACL, one DynamoDB table, sign-in by
Cognito, recommendations by Personalize, a budget, and a standby of all that can have one in a second region.
"""

from __future__ import annotations

from cdktf_app import expressions, packages
from cdktf_app.architectures.rewind.alerts import Alerts
from cdktf_app.architectures.rewind.auth import Auth, AuthProps
from cdktf_app.architectures.rewind.backend import Backend, BackendProps, origin_of_site
from cdktf_app.architectures.rewind.costs import Costs, CostsProps
from cdktf_app.architectures.rewind.data import Data, DataProps
from cdktf_app.architectures.rewind.delivery import Delivery, DeliveryProps, Pipeline
from cdktf_app.architectures.rewind.failover import Failover, FailoverProps
from cdktf_app.architectures.rewind.recommendations import Recommendations, RecommendationsProps
from cdktf_app.architectures.rewind.refresh import Refresh
from cdktf_app.architectures.rewind.site import Site, SiteProps
from cdktf_app.architectures.rewind.standby import Standby
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.function_packages import FunctionPackages, FunctionPackagesProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import ModuleStack


class Rewind(ModuleStack):
    """The whole of rewind as one module, in one region or in two.

    Args:
        retain_data: Refuse, at plan, whatever would destroy the table, the buckets or the user pool.
    """

    def __init__(self, scope: Construct, construct_id: str, *, retain_data: bool) -> None:
        super().__init__(scope, construct_id)
        built = packages.build("rewind")
        variables = self._variables = Variables(self, functions=sorted(built))
        deployment = Deployment(
            prefix="rewind",
            suffix=variables.name_suffix.string,
            account_id=variables.account_id.string,
            region=variables.region.string,
            tags=variables.tags.string_map,
        )
        sources = FunctionPackages(
            self,
            "packages",
            props=FunctionPackagesProps(
                packages=built, artifacts_bucket=variables.artifacts_bucket, overrides=variables.function_packages
            ),
        )
        alerts = Alerts(self, "monitoring", deployment=deployment, variables=variables)
        standby = self._standby = Standby(self, "standby", deployment=deployment, variables=variables)
        self._auth = Auth(
            self, "auth", props=AuthProps(deployment=deployment, variables=variables, retain_data=retain_data)
        )
        self._data = Data(
            self,
            "data",
            props=DataProps(deployment=deployment, variables=variables, retain_data=retain_data),
        )
        self._site = Site(
            self,
            "site",
            props=SiteProps(deployment=deployment, variables=variables, standby=standby, retain_data=retain_data),
        )
        self._recommendations = Recommendations(
            self,
            "recommendations",
            props=RecommendationsProps(
                deployment=deployment,
                variables=variables,
                logs=alerts.logs,
                alerts=alerts.topic,
                retain_data=retain_data,
            ),
        )
        home = BackendProps(
            deployment=deployment,
            variables=variables,
            packages=sources,
            table=self._data.table,
            campaign_arn=self._recommendations.campaign_arn,
            campaign_parameter=self._recommendations.parameter.name,
            export_bucket=self._recommendations.interactions.name,
            user_pool_arn=self._auth.user_pool_arn,
            cors_origin=origin_of_site(variables),
            logs=alerts.logs,
            alerts=alerts.topic,
        )
        self._backend = Backend(self, "api", props=home)
        self._recommendations.learn_from(self._data.table, exporter=self._backend.recommendations)
        Refresh(self, "schedule", deployment=deployment, variables=variables, podcasts=self._backend.podcasts)
        self._away = standby.add_backend(sources, self._data, home)
        self._failover = Failover(
            self,
            "failover",
            props=FailoverProps(
                deployment=deployment,
                variables=variables,
                site=self._site,
                home=self._backend,
                standby=standby,
                away=self._away,
            ),
        )
        Costs(self, "costs", props=CostsProps(deployment=deployment, variables=variables, alerts=alerts.topic))
        self._delivery = Delivery(
            self, "delivery", props=DeliveryProps(deployment=deployment, variables=variables, site=self._site)
        )
        Pipeline(self, "pipeline", deployment=deployment, variables=variables, logs=alerts.logs)
        self.output("alerts_topic_arn", alerts.topic.arn, description="ARN of the topic of alarms and budgets.")
        self._outputs()

    def _outputs(self) -> None:
        site, recommendations = self._site, self._recommendations
        self.output("api_url", self._api_url(), description="URL of the API, without a slash at its end.")
        self.output("bucket_name", site.bucket.name, description="Name of the site's bucket.")
        self.output(
            "campaign_arn",
            recommendations.campaign_arn,
            description="ARN of the campaign of recommendations, once the training has made it.",
        )
        self.output("deploy_role_arn", self._delivery.role.arn, description="ARN of the role that deploys the site.")
        self.output(
            "distribution_domain",
            site.distribution.domain_name,
            description="Name of the distribution that CloudFront made up.",
        )
        self.output("distribution_id", site.distribution.id, description="Id of the site's distribution.")
        self.output(
            "export_bucket_name",
            recommendations.interactions.name,
            description="Name of the bucket that recommendations are learned from.",
        )
        self.output("failover", self._failover_facts(), description="The second region's side; empty without one.")
        self.output(
            "function_names",
            {function.key: function.name for function in self._backend.functions},
            description="Names of the Lambda functions, by the names of their sources.",
        )
        self.output(
            "name_servers",
            site.zone.name_servers,
            description="Name servers that the domain is to be delegated to; empty when the zone was given.",
        )
        self.output(
            "personalize_dataset_group_arn",
            expressions.string(recommendations.stack.output("DatasetGroupArn")),
            description="ARN of the dataset group of Personalize.",
        )
        self.output("retraining_arn", recommendations.machine.arn, description="ARN of the training's state machine.")
        self.output(
            "site_url",
            f"https://{self._variables.domain_name.string}",
            description="URL of the site.",
        )
        self.output("stream_arn", self._data.table.stream_arn, description="ARN of the stream of the table's changes.")
        self.output("table_name", self._data.table.name, description="Name of the table.")
        self.output("user_pool_client_id", self._auth.client_id, description="Id of the site's client.")
        self.output("user_pool_id", self._auth.user_pool_id, description="Id of the user pool.")

    def _api_url(self) -> str:
        """The API's own name where there is one, which both regions answer to; else the first region's stage."""
        own = expressions.attribute(self._backend.api.stage, "invoke_url")
        return expressions.string(f'{self._standby.condition} ? "https://{self._failover.domain_name}" : {own}')

    def _failover_facts(self) -> str:
        away = self._away.api
        facts = expressions.literal(
            {
                "region": self._variables.failover_region.expression,
                "bucket_name": expressions.only(self._standby.site.bucket, "bucket"),
                "api_id": expressions.only(away.api, "id"),
                "api_url": expressions.only(away.stage, "invoke_url"),
                "table_name": expressions.attribute(self._data.table.table, "name"),
                "api_domain": self._failover.domain_name,
                "health_check_id": expressions.only(self._failover.health.check, "id"),
                "zone_id": self._site.zone.id,
            }
        )
        return expressions.string(f"{self._standby.condition} ? {facts} : {{}}")


def build(scope: Construct, *, retain_data: bool) -> Rewind:
    return Rewind(scope, "rewind", retain_data=retain_data)
