CREATE TABLE immuta_system.impersonation_grant (
    grant_id BIGINT IDENTITY(1,1),
    user_name VARCHAR(127) NOT NULL
)
