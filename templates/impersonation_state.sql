-- @heading The state of impersonation: who may, and who is whom in which session. Nobody writes it but the procedures below, and nothing that a user can set himself takes part. Sessions only ever insert rows, so that many can do so at once under serializable isolation; a row is dead once its session is over or its grant is gone.
-- @statement Create the table impersonation_grant
CREATE TABLE immuta_system.impersonation_grant (
    grant_id BIGINT IDENTITY(1,1),
    user_name VARCHAR(127) NOT NULL
)
-- @statement Create the table impersonation_session
CREATE TABLE immuta_system.impersonation_session (
    session_process INTEGER NOT NULL,
    session_start TIMESTAMP NOT NULL,
    user_name VARCHAR(127) NOT NULL,
    grant_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    target_userid VARCHAR(256)
)
-- @statement Close the state of impersonation to everybody
REVOKE ALL PRIVILEGES ON TABLE immuta_system.impersonation_grant, immuta_system.impersonation_session FROM PUBLIC
