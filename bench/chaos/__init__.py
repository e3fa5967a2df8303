"""An archive disturbed in every way we know of, which must end as an undisturbed one (`python -m bench.chaos`)."""
