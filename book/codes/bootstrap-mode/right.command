bootshift check right.yaml --operation script-create
