"""The overnight run over all steps, and the command line `talerstol`."""
