bootshift script initial-create wrong.yaml
