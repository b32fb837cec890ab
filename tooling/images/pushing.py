"""An image on its way into ECR, by ECR's own calls: no Docker has to run where it is pushed from.

Layers that are there are left out, so a push that was stopped goes on where it ended.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.errors import Exit, ToolError
from tooling.images.registry import image_of
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.images.archive import ArchivedImage, Blob
    from tooling.images.registry import Repository
    from tooling.live import LiveStack

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html
_ASKED_AT_ONCE = 100


@dataclass(frozen=True)
class Pushed:
    """What came of a push.

    Attributes:
        digest: Of the image.
        tag: Its name.
        uploaded: How many layers were not there yet.
        already: Whether that very image had this tag before; then nothing was done.
    """

    digest: str
    tag: str
    uploaded: int
    already: bool


def save_image(name: str, target: Path) -> Path:
    """Have Docker write an image of this machine into a file.

    Raises:
        ToolError: There is no Docker, or no such image.
    """
    docker = shutil.which("docker")
    if docker is None:
        raise ToolError(
            "there is no docker on this machine",
            hint="give the image as a file: --archive image.tar, from docker save, or OCI from buildah or kaniko",
        )
    done = subprocess.run(
        [docker, "save", "--output", str(target), name], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        raise ToolError(f"docker save failed: {last}", where=name, hint="is it built, and does Docker run?")
    return target


def require_free(live: LiveStack, repository: Repository, image: ArchivedImage, tag: str) -> bool:
    """Whether a tag is still free; False: that very image has it.

    Raises:
        ToolError: Another image has it.
    """
    there = image_of(live, repository, tag)
    if there is None:
        return True
    if there.digest == image.digest:
        return False
    raise ToolError(
        f"the tag {tag} is taken: by {there.digest}, pushed {there.pushed:%Y-%m-%d %H:%M} UTC",
        where=repository.url,
        hint="a tag stays with its image: give this one another",
        exit_code=Exit.FAILED,
    )


def push(live: LiveStack, repository: Repository, image: ArchivedImage, tag: str) -> Pushed:
    """Upload what is not there yet, then name it.

    Raises:
        ToolError: Another image has the tag, or ECR refuses.
    """
    if not require_free(live, repository, image, tag):
        return Pushed(image.digest, tag, 0, already=True)
    client = live.client("ecr", repository.region)
    named = {"registryId": repository.account, "repositoryName": repository.name}
    progress = StackProgress(live.session.progress, live.stack.name, "push", total=len(image.blobs))
    with asking_aws(progress, hint="run it again: the layers that are there are not sent again"):
        there = _there(client, named, image)
        wanted = {blob.digest: blob for blob in image.blobs if blob.digest not in there}
        for blob in image.blobs:
            if wanted.pop(blob.digest, None):
                _upload(client, named, blob)
            progress.step(blob.digest[:19])
        client.put_image(
            **named,
            imageManifest=image.manifest,
            imageManifestMediaType=image.media_type,
            imageDigest=image.digest,
            imageTag=tag,
        )
    uploaded = len({blob.digest for blob in image.blobs} - there)
    progress.end(f"{uploaded} layers uploaded")
    return Pushed(image.digest, tag, uploaded, already=False)


def _there(client: Any, named: dict[str, str], image: ArchivedImage) -> set[str]:
    digests = sorted({blob.digest for blob in image.blobs})
    found = set()
    for start in range(0, len(digests), _ASKED_AT_ONCE):
        asked = digests[start : start + _ASKED_AT_ONCE]
        answer = client.batch_check_layer_availability(**named, layerDigests=asked)
        found |= {one["layerDigest"] for one in answer["layers"] if one["layerAvailability"] == "AVAILABLE"}
    return found


def _upload(client: Any, named: dict[str, str], blob: Blob) -> None:
    begun = client.initiate_layer_upload(**named)
    upload, first = begun["uploadId"], 0
    with blob.file.open("rb") as content:
        while part := content.read(int(begun["partSize"])):
            last = first + len(part) - 1
            client.upload_layer_part(
                **named, uploadId=upload, partFirstByte=first, partLastByte=last, layerPartBlob=part
            )
            first = last + 1
    try:
        client.complete_layer_upload(**named, uploadId=upload, layerDigests=[blob.digest])
    except client.exceptions.LayerAlreadyExistsException:
        # Somebody else has pushed the same layer meanwhile: it is there, which is all that was wanted.
        return
