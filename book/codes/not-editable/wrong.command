bootshift check wrong.yaml --old old.yaml
