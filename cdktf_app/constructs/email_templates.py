"""Templates of mails, kept by SES, which fills in what differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.ses import SesTemplate
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class EmailTemplate:
    """A mail; ``{{name}}`` stands for what whoever sends it fills in.

    Attributes:
        construct_id: Id in the module.
        name: First part of its name, by which it is sent.
        subject: Its subject.
        text: What readers without HTML see.
        html: What the others see.
    """

    construct_id: str
    name: str
    subject: str
    text: str
    html: str


class EmailTemplates(Construct):
    """Templates, which exist under one switch."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        templates: Sequence[EmailTemplate],
        enabled: Input,
    ) -> None:
        super().__init__(scope, construct_id)
        for template in templates:
            SesTemplate(
                self,
                template.construct_id,
                count=expressions.count_if(enabled.expression),
                name=deployment.verbatim.name(template.name),
                subject=template.subject,
                text=template.text,
                html=template.html,
            )
