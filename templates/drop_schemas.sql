-- @heading The three schemas with all that is in them, after the default privileges that name them. CASCADE takes along the views elsewhere that join user_profile: without it their policies would have nothing to ask.
-- @statement Undo the default privilege on tables
ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} REVOKE SELECT ON TABLES FROM PUBLIC
-- @statement Undo the default privilege on functions
ALTER DEFAULT PRIVILEGES FOR USER {{ user.sql() }} IN SCHEMA immuta_functions REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC
-- @statement Undo the default privilege on procedures
ALTER DEFAULT PRIVILEGES IN SCHEMA immuta_procedures REVOKE EXECUTE ON PROCEDURES FROM {{ user.sql() }}
-- @statement Drop the schemas
DROP SCHEMA immuta_procedures, immuta_functions, immuta_system CASCADE
-- @heading The database itself stays; the system account loses its privileges on it.
-- @statement Revoke the system account's privileges on the database
REVOKE ALL PRIVILEGES ON DATABASE {{ database.sql() }} FROM {{ user.sql() }}
