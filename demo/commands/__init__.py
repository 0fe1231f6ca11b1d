"""The commands of `python -m demo`, one file each: `add_options(parser)` and `run(options)`."""
