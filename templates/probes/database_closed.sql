SELECT 1 FROM pg_catalog.pg_database WHERE datname = {{ database.sql() }} AND datacl IS NOT NULL
    AND NOT COALESCE(chr(31) || REPLACE(array_to_string(datacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*C')
