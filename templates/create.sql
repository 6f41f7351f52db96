-- @heading Everything in this file is one transaction: it is there whole, or not at all. A schema of the same name that is there already makes it fail, and nothing is changed.
-- @statement Begin the transaction
BEGIN
{% include "schemas.sql" %}
{% include "profile.sql" %}
{% if group.is_some() %}
{% include "impersonation_state.sql" %}
{% endif %}
-- @heading The view that every policy joins: the caller's own row of profile, and of no one else's. It reads profile with its owner's rights, so callers need none.
-- @statement Create the view user_profile
CREATE VIEW {% include "user_profile.sql" %}
-- @statement Let everybody read user_profile
GRANT SELECT ON immuta_system.user_profile TO PUBLIC
{% include "functions.sql" %}
{% if group.is_some() %}
-- @heading Impersonation. The three procedures run with the rights of the account that runs this script (SECURITY DEFINER), qualify every name and fix their search_path. Only members of the group may start impersonating; only the system account may admit and remove members.
{% include "procedures.sql" %}
{% endif %}
-- @heading What the system account and everybody may do, now and with objects made later. These are the grants that Immuta's documentation lists, in Redshift's words. Default privileges hold for objects that the named user creates from now on; naming another user needs a superuser.
{% include "grants.sql" %}
{% include "marker.sql" %}
-- @statement Commit the transaction
COMMIT
