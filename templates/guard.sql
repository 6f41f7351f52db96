-- @heading Proof before removal: the marker must say that Bootshift made what is about to go, under these names. If it does not, the statement fails and nothing is changed. Redshift has no IF outside of a procedure, hence the short-lived one, in a schema whose name is reserved: one that somebody has made first is dropped.
-- @statement Drop what has the name of the short-lived schema
DROP SCHEMA IF EXISTS bootshift_guard CASCADE
-- @statement Make a short-lived schema for the proof
CREATE SCHEMA bootshift_guard
-- @statement Write the proof
CREATE PROCEDURE bootshift_guard.check_marker()
AS {{ check_marker.sql() }}
LANGUAGE plpgsql
SET search_path TO pg_catalog
-- @statement Check the marker
CALL bootshift_guard.check_marker()
-- @statement Drop the proof
DROP SCHEMA bootshift_guard CASCADE
