CREATE {% if replaces %}OR REPLACE {% endif %}FUNCTION immuta_functions.list_contains(VARCHAR(65535), VARCHAR(65535))
RETURNS BOOLEAN
IMMUTABLE
AS {{ body.sql() }}
LANGUAGE sql
