"""Workflows of a user's CI: generated from ``envs/``, checked against the published schema and rules of our own."""

from __future__ import annotations
