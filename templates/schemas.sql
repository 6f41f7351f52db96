-- @heading The three schemas of Immuta's documentation: system tables and views, functions for policies, procedures.
-- @statement Create the schema immuta_system
CREATE SCHEMA immuta_system
-- @statement Create the schema immuta_functions
CREATE SCHEMA immuta_functions
-- @statement Create the schema immuta_procedures
CREATE SCHEMA immuta_procedures
-- @statement Let everybody use the three schemas
GRANT USAGE ON SCHEMA immuta_system, immuta_functions, immuta_procedures TO PUBLIC
