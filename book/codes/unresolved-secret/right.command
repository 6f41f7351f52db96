bootshift script initial-create right.yaml -o right.sql
