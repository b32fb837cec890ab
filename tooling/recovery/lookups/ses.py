"""SES: identities, configuration sets and templates, all named wholly by the plan."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived(
    "aws_sesv2_configuration_set_event_destination", "{configuration_set_name}|{event_destination_name}", within=True
)
# A setting that every account has: making it is writing it, so nobody else's can be taken for ours.
derived("aws_sesv2_account_suppression_attributes", "{account_id}", within=True)


@finds("aws_ses_template")
@needs("name")
def template(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["name"]
    for item in each(wanted.client("ses"), "list_templates", "TemplatesMetadata"):
        if item["Name"] == name:
            yield Found(name, created=item.get("CreatedTimestamp"))


@finds("aws_sesv2_configuration_set")
@needs("configuration_set_name")
def configuration_set(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["configuration_set_name"]
    told = answer(wanted.client("sesv2").get_configuration_set, ConfigurationSetName=name)
    if told:
        yield Found(name, tags=tags_in(told.get("Tags")))


@finds("aws_sesv2_email_identity")
@needs("email_identity")
def email_identity(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["email_identity"]
    told = answer(wanted.client("sesv2").get_email_identity, EmailIdentity=name)
    if told:
        yield Found(name, tags=tags_in(told.get("Tags")))
