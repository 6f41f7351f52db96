-- @statement Give the system account all privileges on the three schemas
GRANT ALL PRIVILEGES ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO {{ user.sql() }}
-- @statement Let the system account read and write profile
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE immuta_system.profile TO {{ user.sql() }}
-- @statement Let the system account call procedures made later
ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures GRANT EXECUTE ON PROCEDURES TO {{ user.sql() }}
-- @statement Let everybody call functions that the system account makes later
ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} IN SCHEMA immuta_functions GRANT EXECUTE ON FUNCTIONS TO PUBLIC
-- @statement Let everybody read the views that the system account makes later
ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} GRANT SELECT ON TABLES TO PUBLIC
