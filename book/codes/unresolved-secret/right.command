read -rs REDSHIFT_PASSWORD && export REDSHIFT_PASSWORD
bootshift script initial-create right.yaml -o right.sql
