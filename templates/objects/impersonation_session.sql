CREATE TABLE immuta_system.impersonation_session (
    session_process INTEGER NOT NULL,
    session_start TIMESTAMP NOT NULL,
    user_name VARCHAR(127) NOT NULL,
    grant_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    target_userid VARCHAR(256)
)
