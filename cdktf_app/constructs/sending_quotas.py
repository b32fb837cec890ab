"""How much mail SES lets an account send."""

from __future__ import annotations

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.servicequotas import ServicequotasServiceQuota
from cdktf_app.module_stack import Input

# https://docs.aws.amazon.com/general/latest/gr/ses.html
_A_DAY = "L-804C8AE8"
_A_SECOND = "L-CDEF9B6B"


class SendingQuotas(Construct):
    """The account's quotas of mail a day and a second, asked for; AWS grants them, or does not, in its own time.

    Args:
        wanted: Whether to ask.
        a_day: Mails in 24 hours.
        a_second: Mails in a second.
    """

    def __init__(self, scope: Construct, construct_id: str, *, wanted: Input, a_day: Input, a_second: Input) -> None:
        super().__init__(scope, construct_id)
        for name, code, value in (("a_day", _A_DAY, a_day), ("a_second", _A_SECOND, a_second)):
            ServicequotasServiceQuota(
                self,
                name,
                count=expressions.count_if(wanted.expression),
                service_code="ses",
                quota_code=code,
                value=value.number,
            )
