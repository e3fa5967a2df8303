"""The open data of the archive, as files."""

from pipeline.export.command import export, export_after_run, keeping_export
from pipeline.export.dump import copy_dump, is_due, make_dump

__all__ = ["copy_dump", "export", "export_after_run", "is_due", "keeping_export", "make_dump"]
