bootshift check wrong.yaml --operation script-create
