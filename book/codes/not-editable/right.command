bootshift check right.yaml --old old.yaml
