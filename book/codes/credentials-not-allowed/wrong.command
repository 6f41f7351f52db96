bootshift check wrong.yaml --operation delete --auto-bootstrap false
