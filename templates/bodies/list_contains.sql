    SELECT COALESCE(
        POSITION(pg_catalog.chr(31) IN $2) = 0
        AND POSITION(pg_catalog.chr(31) || $2 || pg_catalog.chr(31) IN $1) > 0,
        FALSE
    )
