"""What ``cdktf synth`` runs (``cdktf.json``): every architecture as Terraform JSON in ``cdktf.out/``.

``groundplan synth`` is what this project uses; this is for those who have the cdktf command line.
"""

from __future__ import annotations

from cdktf_app.bindings.core import App
from cdktf_app.synthesis import architectures, build


def main() -> None:
    # A module has no provider: its root has. cdktf would refuse the stack for it.
    app = App(skip_validation=True)
    for name in architectures():
        build(name, app, retain_data=True).reject_duplicates()
    app.synth()


if __name__ == "__main__":
    main()
