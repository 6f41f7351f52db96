-- @heading What policies ask of a list in user_profile. A plain SQL function, for Python functions are no longer supported; it calls nothing that a caller's search_path could replace.
-- @statement Create the function list_contains
CREATE FUNCTION immuta_functions.list_contains(VARCHAR(65535), VARCHAR(65535))
RETURNS BOOLEAN
IMMUTABLE
AS {{ list_contains.sql() }}
LANGUAGE sql
