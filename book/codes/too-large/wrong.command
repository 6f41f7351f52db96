yes '# padding' | head -n 2000000 > wrong.yaml
bootshift check wrong.yaml
