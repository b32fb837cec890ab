"""Files that only the holder of a key can read or make: for plans on their way between machines.

What the file is of stands in front in clear and is authenticated; the rest is AES-256-GCM in chunks. Keys come from
AWS KMS, from a key file, or from a passphrase (:mod:`tooling.encryption.keys`).
"""

from tooling.encryption.keys import KeyFile, KeySource, KmsKey, Passphrase, make_key_file
from tooling.encryption.stream import Header, read_encrypted, read_header, write_encrypted

__all__ = [
    "Header",
    "KeyFile",
    "KeySource",
    "KmsKey",
    "Passphrase",
    "make_key_file",
    "read_encrypted",
    "read_header",
    "write_encrypted",
]
