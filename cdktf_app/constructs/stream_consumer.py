"""A function that is given every change of a table, in order."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.aws_lambda import (
    LambdaEventSourceMapping,
    LambdaEventSourceMappingDestinationConfig,
    LambdaEventSourceMappingDestinationConfigOnFailure,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.single_table import SingleTable

# Changes come in large batches and rarely: fewer, larger objects, and fewer invocations.
_BATCH_SIZE = 100
_BATCH_WINDOW_SECONDS = 60
# What fails stays in the stream for a day and holds up what follows; after these it goes to the queue.
_RETRIES = 5


@dataclass(frozen=True, kw_only=True)
class StreamConsumerProps:
    """Shape of a consumer.

    Attributes:
        table: The table, with a stream.
        function: What is given its changes; answers which records it failed on.
        dead_letters: Where batches go that it kept failing on.
    """

    table: SingleTable
    function: LambdaFunction
    dead_letters: DeadLetterQueue


class StreamConsumer(Construct):
    """Event source mapping from now on; a batch that fails is halved, retried and at last put aside."""

    def __init__(self, scope: Construct, construct_id: str, *, props: StreamConsumerProps) -> None:
        super().__init__(scope, construct_id)
        props.table.grant_stream(props.function)
        props.function.allow(Statement(sid="PutAside", actions=["sqs:SendMessage"], resources=[props.dead_letters.arn]))
        LambdaEventSourceMapping(
            self,
            "this",
            event_source_arn=props.table.stream_arn,
            function_name=props.function.arn,
            starting_position="LATEST",
            batch_size=_BATCH_SIZE,
            maximum_batching_window_in_seconds=_BATCH_WINDOW_SECONDS,
            bisect_batch_on_function_error=True,
            maximum_retry_attempts=_RETRIES,
            function_response_types=["ReportBatchItemFailures"],
            destination_config=LambdaEventSourceMappingDestinationConfig(
                on_failure=LambdaEventSourceMappingDestinationConfigOnFailure(destination_arn=props.dead_letters.arn)
            ),
            # Lambda tries at once whether the role can read the stream.
            depends_on=[props.function.role.policy],
        )
