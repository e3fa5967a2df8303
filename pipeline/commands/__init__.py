"""The commands of `talerstol`, a module each: their arguments and how their answers read. `pipeline.cli` lists them."""
