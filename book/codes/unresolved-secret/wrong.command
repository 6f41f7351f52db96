export REDSHIFT_PASSWORD=Correct4Horse
bootshift script initial-create wrong.yaml
