true > right.yaml
bootshift check right.yaml --operation delete --auto-bootstrap false
