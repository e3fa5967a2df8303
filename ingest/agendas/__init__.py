"""Agendas: what the papers of one meeting say together."""

from ingest.agendas.merging import merge_agendas

__all__ = ["merge_agendas"]
