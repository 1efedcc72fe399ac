"""`python -m pipelines.cli`, for tests and measurements that name their Python."""

from pipelines.cli import main

main()
