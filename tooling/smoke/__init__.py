"""Does it answer? What a visitor sees of an applied stack: health, public routes, refusals, storage, login."""

from tooling.smoke.login import login_findings, tokens_in, walk_login
from tooling.smoke.places import HealthPlace, health_places, site_addresses
from tooling.smoke.requests import smoke_requests
from tooling.smoke.storage import Storage, find_storage, try_storage

__all__ = [
    "HealthPlace",
    "Storage",
    "find_storage",
    "health_places",
    "login_findings",
    "site_addresses",
    "smoke_requests",
    "tokens_in",
    "try_storage",
    "walk_login",
]
