"""Own checks, one a file, each with ``examples/<id>.yaml``; ``severity.yaml`` and ``waivers.yaml``."""
