{% if creates_user || group.is_some() %}
{% if creates_user && group.is_some() %}
-- @heading The system account, which manages the database and logs in for Immuta, and the group whose members may impersonate. Accounts and groups belong to the whole cluster. Only a superuser can create a group.
{% elif creates_user %}
-- @heading The system account, which manages the database and logs in for Immuta. Accounts belong to the whole cluster.
{% else %}
-- @heading The group whose members may impersonate. Groups belong to the whole cluster; only a superuser can create one.
{% endif %}
-- @statement Begin the transaction
BEGIN
{% if creates_user %}
-- @{% if password.is_secret() %}secret{% else %}statement{% endif %} Create the system account
CREATE USER {{ user.sql() }} PASSWORD {{ password.sql() }}
{% endif %}
{% if let Some(group) = group %}
-- @statement Create the impersonation group
CREATE GROUP {{ group.name.sql() }}
{% endif %}
-- @statement Commit the transaction
COMMIT
{% endif %}
{% if !existing_database %}
-- @heading The database that Immuta manages. CREATE DATABASE cannot run in a transaction, so it stands alone. If it says that the database exists, stop: the database is somebody's, or an earlier run made it. If it says that it cannot run inside a transaction block (25001), the client sent the file as one string{% if creates_user || group.is_some() %}, and what comes before has taken effect: go on from here, statement by statement, or run the cleanup script and start anew{% else %}: run the file statement by statement{% endif %}.
-- @autonomous Create the database
CREATE DATABASE {{ database.sql() }}
-- @heading Who may do what with the database: everybody may make temporary tables in it, only the system account may make schemas. (Redshift has no privilege to connect: every user can, and sees what he is granted inside.)
-- @statement Begin the transaction
BEGIN
-- @statement Revoke all privileges on the database from PUBLIC
REVOKE ALL PRIVILEGES ON DATABASE {{ database.sql() }} FROM PUBLIC
{% else %}
-- @heading The database exists and is kept; what others may do with it stays as it is. The system account may make schemas in it, and everybody may make temporary tables.
-- @statement Begin the transaction
BEGIN
{% endif %}
-- @statement Let everybody make temporary tables in the database
GRANT TEMP ON DATABASE {{ database.sql() }} TO PUBLIC
-- @statement Give the system account all privileges on the database
GRANT ALL PRIVILEGES ON DATABASE {{ database.sql() }} TO {{ user.sql() }}
-- @statement Commit the transaction
COMMIT
