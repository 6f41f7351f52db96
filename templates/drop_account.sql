{% if group.is_some() || creates_user %}
-- @heading Group and account last. Redshift refuses to drop a user who owns something or has a privilege in the database where the statement runs, and a group that has one: "can't be dropped because the user owns some object", or "has a privilege on some object" (SQLSTATE 55006). Not every cluster says which: look by identity_name in svv_relation_privileges, svv_schema_privileges and svv_function_privileges, by grantee_name and owner_name in svv_default_privileges, and by tableowner in pg_tables. Give it to another owner, revoke the privilege, and run this again. Redshift does not look into other databases; what a user owns there is left without an owner.
{% if let Some(group) = group %}
-- @statement Drop the impersonation group
DROP GROUP {{ group.name.sql() }}
{% endif %}
{% if creates_user %}
-- @statement Drop the system account
DROP USER {{ user.sql() }}
{% endif %}
{% endif %}
