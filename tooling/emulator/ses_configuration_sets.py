"""SES's configuration sets: how mail is sent, and who is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.ses.models import SESBackend, ses_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

# What SES answers of a set that was made with nothing but its name.
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "ReputationOptions": {"ReputationMetricsEnabled": False},
    "SendingOptions": {"SendingEnabled": True},
}
# Go leaves out a ``false``: what is sent without it means that.
_LEFT_OUT: Mapping[str, Mapping[str, Any]] = {
    "ReputationOptions": {"ReputationMetricsEnabled": False},
    "SendingOptions": {"SendingEnabled": False},
}
_OPTIONS = (
    "DeliveryOptions",
    "ReputationOptions",
    "SendingOptions",
    "SuppressionOptions",
    "TrackingOptions",
    "VdmOptions",
)
_RECEIVERS = (
    "CloudWatchDestination",
    "EventBridgeDestination",
    "KinesisFirehoseDestination",
    "PinpointDestination",
    "SnsDestination",
)


class ConfigurationSets:
    """The calls of configuration sets and their event destinations; moto keeps which sets there are.

    aws_sesv2_configuration_set and aws_sesv2_configuration_set_event_destination: create, read, update and delete.
    moto answers a set's sending options under another name, which Go cannot read.

    Args:
        backend: What answers the calls.
    """

    def __init__(self, backend: Backend) -> None:
        backend.prepares("CreateConfigurationSet")(self.create)
        backend.answers("GetConfigurationSet")(self.get)
        backend.answers("DeleteConfigurationSet")(self.delete)
        for options in _OPTIONS:
            backend.answers(f"PutConfigurationSet{options}")(self.put_options)
        backend.answers("CreateConfigurationSetEventDestination")(self.create_destination)
        backend.answers("GetConfigurationSetEventDestinations")(self.get_destinations)
        backend.answers("UpdateConfigurationSetEventDestination")(self.update_destination)
        backend.answers("DeleteConfigurationSetEventDestination")(self.delete_destination)

    def create(self, call: Call) -> None:
        name = call.params["ConfigurationSetName"]
        if name in _moto(call).config_sets:
            raise AwsError("AlreadyExistsException", f"Configuration set <{name}> already exists.")
        given = {key: _whole(key, call.params[key]) for key in _OPTIONS if key in call.params}
        call.store("configuration-sets")[name] = {"options": {**_DEFAULTS, **given}, "destinations": {}}

    def get(self, call: Call) -> Mapping[str, Any]:
        name = call.params["ConfigurationSetName"]
        options = self.find(call, name)["options"]
        tags = _moto(call).tagger.list_tags_for_resource(_arn(call, name))["Tags"]
        return {"ConfigurationSetName": name, **options, "Tags": tags}

    def put_options(self, call: Call) -> Mapping[str, Any]:
        found = self.find(call, call.params["ConfigurationSetName"])
        kind = call.operation.name.removeprefix("PutConfigurationSet")
        given = {key: value for key, value in call.params.items() if key != "ConfigurationSetName"}
        found["options"][kind] = _whole(kind, given)
        return {}

    def delete(self, call: Call) -> Mapping[str, Any]:
        name = call.params["ConfigurationSetName"]
        self.find(call, name)
        del call.store("configuration-sets")[name]
        del _moto(call).config_sets[name]
        _moto(call).tagger.delete_all_tags_for_resource(_arn(call, name))
        return {}

    def create_destination(self, call: Call) -> Mapping[str, Any]:
        destinations, name = self._destinations(call), call.params["EventDestinationName"]
        if name in destinations:
            raise AwsError("AlreadyExistsException", f"An event destination named <{name}> already exists.")
        destinations[name] = _destination(call)
        return {}

    def get_destinations(self, call: Call) -> Mapping[str, Any]:
        return {"EventDestinations": [{"Name": name, **each} for name, each in self._destinations(call).items()]}

    def update_destination(self, call: Call) -> Mapping[str, Any]:
        self._find_destination(call)
        self._destinations(call)[call.params["EventDestinationName"]] = _destination(call)
        return {}

    def delete_destination(self, call: Call) -> Mapping[str, Any]:
        self._find_destination(call)
        del self._destinations(call)[call.params["EventDestinationName"]]
        return {}

    def find(self, call: Call, name: str) -> dict[str, dict[str, Any]]:
        """Options and event destinations of a set.

        Raises:
            AwsError: There is none of that name.
        """
        if name not in _moto(call).config_sets:
            raise AwsError("NotFoundException", f"Configuration set <{name}> does not exist.")
        # One that version 1 of the API made has no settings yet.
        found: dict[str, dict[str, Any]] = call.store("configuration-sets").setdefault(
            name, {"options": dict(_DEFAULTS), "destinations": {}}
        )
        return found

    def _destinations(self, call: Call) -> dict[str, Any]:
        return self.find(call, call.params["ConfigurationSetName"])["destinations"]

    def _find_destination(self, call: Call) -> None:
        name = call.params["EventDestinationName"]
        if name not in self._destinations(call):
            raise AwsError("NotFoundException", f"Event destination <{name}> does not exist.")


def _destination(call: Call) -> Mapping[str, Any]:
    given = call.params["EventDestination"]
    if len([key for key in _RECEIVERS if key in given]) != 1:
        raise AwsError("BadRequestException", f"An event destination has exactly one of {', '.join(_RECEIVERS)}.")
    return {"Enabled": False, **given}


def _whole(options: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**_LEFT_OUT.get(options, {}), **given}


def _arn(call: Call, name: str) -> str:
    return call.arn(f"configuration-set/{name}")


def _moto(call: Call) -> SESBackend:
    return ses_backends[call.account][call.region]
