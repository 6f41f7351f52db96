{{ mark.heading("Proof before removal. The set-up did not finish, so there may be no marker; then the database must hold nothing but what the set-up makes. If there is a marker, it must name this set-up. Otherwise the statement fails and nothing is changed. Redshift has no IF outside of a procedure, hence the short-lived one.") }}
{{ mark.begin() }}
{{ mark.statement("Make a short-lived schema for the proof") }}
CREATE SCHEMA bootshift_guard
{{ mark.statement("Write the proof") }}
CREATE PROCEDURE bootshift_guard.check_database()
AS {{ check_database.sql() }}
LANGUAGE plpgsql
{{ mark.statement("Check the database") }}
CALL bootshift_guard.check_database()
{{ mark.statement("Drop the proof") }}
DROP SCHEMA bootshift_guard CASCADE
{{ mark.commit() }}
