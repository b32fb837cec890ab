"""Types and cache headers of a site's files."""

from __future__ import annotations

import pytest

from tooling.site.headers import IMMUTABLE, REVALIDATE, cache_control, content_type, is_service_worker


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("assets/index-BkP9d3xQ.css", "text/css; charset=utf-8"),
        ("assets/index-BkP9d3xQ.js", "text/javascript; charset=utf-8"),
        ("worker.mjs", "text/javascript; charset=utf-8"),
        ("assets/index-BkP9d3xQ.js.map", "application/json; charset=utf-8"),
        ("manifest.webmanifest", "application/manifest+json; charset=utf-8"),
        ("feed.xml", "application/xml; charset=utf-8"),
        ("logo.svg", "image/svg+xml; charset=utf-8"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("decoder.wasm", "application/wasm"),
        ("cover.avif", "image/avif"),
        ("cover.JPG", "image/jpeg"),
        ("font.woff2", "font/woff2"),
        ("favicon.ico", "image/vnd.microsoft.icon"),
        ("episode.mp3", "audio/mpeg"),
        ("episode.m4a", "audio/mp4"),
        ("assets/index.js.gz", "application/gzip"),
        ("assets/index.js.br", "application/octet-stream"),
        ("CNAME", "application/octet-stream"),
        ("odd.ending", "application/octet-stream"),
    ],
)
def test_the_type_follows_from_the_ending_alone(key: str, expected: str) -> None:
    assert content_type(key) == expected


@pytest.mark.parametrize(
    "key",
    [
        "assets/index-BkP9d3xQ.js",
        "assets/index-DiwrgTda.css",
        "assets/index-BkP9d3xQ.js.map",
        "assets/logo-D_0xQ-a7.svg",
        "assets/vendor-4f3a2b1c.js",
        "workbox-4f3a2b1c.js",
        "assets/inter-latin-C9QkP_x2.woff2",
    ],
)
def test_a_name_that_changes_with_the_content_is_kept_for_ever(key: str) -> None:
    assert cache_control(key) == IMMUTABLE == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "key",
    [
        "index.html",
        "app-BkP9d3xQ.html",
        "sw.js",
        "manifest.webmanifest",
        "registerSW.js",
        "robots.txt",
        "favicon.ico",
        "images/photo-1024x768.jpg",
        "images/photo-20240115.jpg",
        "images/icon-darkMode.svg",
        "images/big-headline.png",
        "images/Hero-Headline.png",
        "assets/release-version2.js",
        "podcast-episodes.json",
    ],
)
def test_everything_else_is_asked_for_again(key: str) -> None:
    assert cache_control(key) == REVALIDATE == "no-cache"


def test_service_workers_are_known_by_name() -> None:
    assert [
        key
        for key in ("sw.js", "service-worker.js", "push-sw.js", "app/serviceWorker.mjs", "swim.js", "registerSW.js")
        if is_service_worker(key)
    ] == ["sw.js", "service-worker.js", "push-sw.js", "app/serviceWorker.mjs"]
