{% if group.is_some() || creates_user %}
-- @heading Group and account last: Redshift refuses to drop one that still holds a privilege, and a user who still owns something, in the database where the statement runs. If it does, the message names what is left: give it to another owner or drop it, and run this again.
{% if let Some(group) = group %}
-- @statement Drop the impersonation group
DROP GROUP {{ group.name.sql() }}
{% endif %}
{% if creates_user %}
-- @statement Drop the system account
DROP USER {{ user.sql() }}
{% endif %}
{% endif %}
