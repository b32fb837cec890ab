"""A log group without a retention keeps everything for ever, and is paid for that long."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.engine.check import PlanCheck, Subject, Violation


class LogGroupsSayHowLongTheyKeep(PlanCheck):
    """``retention_in_days`` is set; 0 means for ever."""

    def __init__(self) -> None:
        super().__init__(
            id="GP_LOGS_1",
            name="Every log group says how long it keeps its logs",
            resources=["aws_cloudwatch_log_group"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource = subject.resource
        if resource.values.get("log_group_class") == "DELIVERY":
            return  # AWS keeps these for two days and lets nobody change it
        if resource.is_unknown("retention_in_days"):
            yield Violation("retention_in_days is known only after apply", undecided=True)
        elif not resource.values.get("retention_in_days"):
            yield Violation(f"retention_in_days is {resource.values.get('retention_in_days')}: logs are kept for ever")


check = LogGroupsSayHowLongTheyKeep()
