"""Mail of doomscroll, sent by SES from an address of its own domain."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.doomscroll.dns import Dns
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.email_events import AccountSuppression, EmailEvents, EmailEventsProps
from cdktf_app.constructs.email_identity import EmailAddress, EmailDomain, EmailDomainProps
from cdktf_app.constructs.email_templates import EmailTemplate, EmailTemplates
from cdktf_app.constructs.sending_quotas import SendingQuotas
from cdktf_app.deployment import Deployment

_SENDER = "noreply"
_REPORTS_TO = "dmarc"
# The document names them and says no more (FD-SES-11 to 13): the texts are ours, the application fills in the rest.
_TEMPLATES = (
    EmailTemplate(
        construct_id="streak_reminder",
        name="StreakReminder",
        subject="Your {{streak_days}}-day streak ends tonight",
        text="Hi {{name}},\n\nyour streak of {{streak_days}} days ends at midnight. Keep it: {{url}}\n",
        html=(
            "<p>Hi {{name}},</p><p>your streak of {{streak_days}} days ends at midnight. "
            '<a href="{{url}}">Keep it</a>.</p>'
        ),
    ),
    EmailTemplate(
        construct_id="weekly_digest",
        name="WeeklyDigest",
        subject="Your week: {{minutes_saved}} minutes not scrolled",
        text="Hi {{name}},\n\nthis week you did not scroll for {{minutes_saved}} minutes. All of it: {{url}}\n",
        html=(
            "<p>Hi {{name}},</p><p>this week you did not scroll for {{minutes_saved}} minutes. "
            '<a href="{{url}}">All of it</a>.</p>'
        ),
    ),
    EmailTemplate(
        construct_id="welcome",
        name="WelcomeEmail",
        subject="Welcome, {{name}}",
        text="Hi {{name}},\n\nyour account is ready. Start here: {{url}}\n",
        html='<p>Hi {{name}},</p><p>your account is ready. <a href="{{url}}">Start here</a>.</p>',
    ),
)


@dataclass(frozen=True, kw_only=True)
class EmailProps:
    """Shape of mail.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        dns: Zone of the domain.
    """

    deployment: Deployment
    variables: Variables
    dns: Dns


class Email(Construct):
    """Domain and address that mail comes from, what becomes of it, and its templates."""

    def __init__(self, scope: Construct, construct_id: str, *, props: EmailProps) -> None:
        super().__init__(scope, construct_id)
        variables, tags = props.variables, props.deployment.tags
        domain_name = variables.domain_name.string
        events = EmailEvents(
            self,
            "events",
            props=EmailEventsProps(
                deployment=props.deployment, name="config-set", enabled=variables.enable_ses_configuration_set
            ),
        )
        self._domain = EmailDomain(
            self,
            "domain",
            props=EmailDomainProps(
                domain_name=domain_name,
                zone=props.dns.zone,
                reports_to=_REPORTS_TO,
                extra_texts=variables.extra_txt_records,
                configuration_set=events.name,
                tags=tags,
            ),
        )
        EmailAddress(
            self,
            "sender",
            address=f"{_SENDER}@{domain_name}",
            configuration_set=events.name,
            wanted=variables.verify_sender_address,
            tags=tags,
        )
        SendingQuotas(
            self,
            "quota",
            wanted=variables.request_ses_quotas,
            a_day=variables.ses_daily_quota,
            a_second=variables.ses_sending_rate,
        )
        AccountSuppression(self, "suppression", managed=variables.manage_ses_account)
        EmailTemplates(
            self,
            "template",
            deployment=props.deployment,
            templates=_TEMPLATES,
            enabled=variables.enable_ses_templates,
        )

    @property
    def dkim_tokens(self) -> list[str]:
        """What the names of the records of the domain's keys are made from."""
        return self._domain.dkim_tokens
