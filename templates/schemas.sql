{{ mark.heading("The three schemas of Immuta's documentation: system tables and views, functions for policies, procedures.") }}
{{ mark.statement("Create the schema immuta_system") }}
CREATE SCHEMA immuta_system
{{ mark.probe() }}
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_system'
{{ mark.statement("Create the schema immuta_functions") }}
CREATE SCHEMA immuta_functions
{{ mark.probe() }}
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_functions'
{{ mark.statement("Create the schema immuta_procedures") }}
CREATE SCHEMA immuta_procedures
{{ mark.probe() }}
SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'immuta_procedures'
{{ mark.statement("Let everybody use the three schemas") }}
GRANT USAGE ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO PUBLIC
