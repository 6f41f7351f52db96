CREATE TABLE immuta_system.impersonation_session (
    session_word VARCHAR(64) NOT NULL,
    user_name VARCHAR(127) NOT NULL,
    grant_id BIGINT NOT NULL,
    target_userid VARCHAR(256) NOT NULL
)
