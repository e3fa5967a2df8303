"""Agendas as municipalities publish them, each format in a module of its own."""

from ingest.agendas.merging import merge_agendas
from ingest.agendas.parsing import parse_agenda, read_agenda

__all__ = ["merge_agendas", "parse_agenda", "read_agenda"]
