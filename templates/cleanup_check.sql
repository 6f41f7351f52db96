-- @heading Proof before removal. The set-up did not finish, so there may be no marker; then the database must hold nothing but what the set-up makes. If there is a marker, it must name this set-up. Otherwise the statement fails and nothing is changed. Redshift has no IF outside of a procedure, hence the short-lived one, in a schema whose name is reserved: one that somebody has made first is dropped.
-- @statement Begin the transaction
BEGIN
-- @statement Drop what has the name of the short-lived schema
DROP SCHEMA IF EXISTS bootshift_guard CASCADE
-- @statement Make a short-lived schema for the proof
CREATE SCHEMA bootshift_guard
-- @statement Write the proof
CREATE PROCEDURE bootshift_guard.check_database()
AS {{ check_database.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
-- @statement Check the database
CALL bootshift_guard.check_database()
-- @statement Drop the proof
DROP SCHEMA bootshift_guard CASCADE
-- @statement Commit the transaction
COMMIT
