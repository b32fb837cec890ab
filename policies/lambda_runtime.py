"""Lambda refuses to create, later to update, functions of a runtime past its end.

Terraform finds that out during the apply, half way through.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from tooling.gate.engine.check import PlanCheck, Subject, Violation

#: Day on which AWS ends its support, by runtime; None where AWS has not said yet.
#: From "Lambda runtimes" in the AWS Lambda developer guide
#: (docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html), as of 2026-07. AWS moves
#: these days, mostly to later: look again when a runtime is refused.
ENDS: Mapping[str, date | None] = {
    "dotnet10": date(2028, 11, 14),
    "dotnet8": date(2026, 11, 10),
    "java11": date(2027, 6, 30),
    "java11.al2023": date(2029, 6, 30),
    "java17": date(2027, 6, 30),
    "java17.al2023": date(2029, 6, 30),
    "java21": date(2029, 6, 30),
    "java25": date(2029, 6, 30),
    "java8.al2": date(2027, 6, 30),
    "java8.al2023": date(2029, 6, 30),
    "nodejs22.x": date(2027, 4, 30),
    "nodejs24.x": date(2028, 4, 30),
    "provided.al2": date(2026, 7, 31),
    "provided.al2023": date(2029, 6, 30),
    "python3.10": date(2026, 10, 31),
    "python3.11": date(2027, 6, 30),
    "python3.12": date(2028, 10, 31),
    "python3.13": date(2029, 6, 30),
    "python3.14": date(2029, 6, 30),
    "ruby3.3": date(2027, 3, 31),
    "ruby3.4": date(2028, 3, 31),
    "ruby4.0": date(2029, 3, 31),
    # ended
    "dotnet5.0": date(2022, 5, 10),
    "dotnet6": date(2024, 12, 20),
    "dotnet7": date(2024, 5, 14),
    "dotnetcore2.1": date(2022, 1, 5),
    "dotnetcore3.1": date(2023, 4, 3),
    "go1.x": date(2024, 1, 8),
    "java8": date(2024, 1, 8),
    "nodejs10.x": date(2021, 7, 30),
    "nodejs12.x": date(2023, 3, 31),
    "nodejs14.x": date(2023, 12, 4),
    "nodejs16.x": date(2024, 6, 12),
    "nodejs18.x": date(2025, 9, 1),
    "nodejs20.x": date(2026, 4, 30),
    "nodejs8.10": date(2020, 3, 6),
    "provided": date(2024, 1, 8),
    "python2.7": date(2021, 7, 15),
    "python3.6": date(2022, 7, 18),
    "python3.7": date(2023, 12, 4),
    "python3.8": date(2024, 10, 14),
    "python3.9": date(2025, 12, 15),
    "ruby2.5": date(2021, 7, 30),
    "ruby2.7": date(2023, 12, 7),
    "ruby3.2": date(2026, 3, 31),
}


class TheRuntimeIsSupported(PlanCheck):
    """A runtime that is not in the table is refused too: nobody has looked up its end."""

    def __init__(self) -> None:
        super().__init__(
            id="GP_LAMBDA_1",
            name="Functions run on a runtime that AWS supports",
            resources=["aws_lambda_function"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource, plan = subject.resource, subject.plan
        if resource.values.get("package_type") == "Image":
            return
        runtime = resource.values.get("runtime")
        if runtime is None and resource.is_unknown("runtime") and "runtime" in resource.expressions:
            yield Violation("its runtime is known only after apply", undecided=True)
        elif not isinstance(runtime, str) or runtime not in ENDS:
            yield Violation(f"runtime '{runtime}' is not in the table of policies/lambda_runtime.py")
        elif (ends := ENDS[runtime]) is not None and ends <= plan.today:
            yield Violation(f"AWS ended its support of runtime '{runtime}' on {ends}")


check = TheRuntimeIsSupported()
