"""Store: the history of runs, one folder of Parquet a run, readable by any SQL engine."""
