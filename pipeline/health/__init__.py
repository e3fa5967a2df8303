"""`talerstol check`: is everything in place; with `--deep`, is it as it was written. Each fault has what to do."""

from __future__ import annotations

from pipeline.health.command import check
from pipeline.health.deep import check_deeply
from pipeline.health.finding import Finding
from pipeline.health.in_place import check_archive

__all__ = ["Finding", "check", "check_archive", "check_deeply"]
