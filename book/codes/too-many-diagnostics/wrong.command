seq --format 'key%.0f: 1' 2000 > wrong.yaml
bootshift check wrong.yaml --operation create --max-diagnostics 1
