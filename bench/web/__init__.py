"""The web measured: a meeting of five hours in a browser, an archive of 200 thousand passages under load, many players."""
