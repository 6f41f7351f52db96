bootshift check right.yaml --operation delete --auto-bootstrap true
