SELECT 1 WHERE 3 = (SELECT COUNT(*) FROM pg_catalog.pg_namespace n WHERE n.nspname IN ('immuta_system', 'immuta_functions', 'immuta_procedures')
    AND COALESCE(chr(31) || REPLACE(array_to_string(n.nspacl, chr(31)), '"', ''), '') ~ (chr(31) || '=[^/]*U'))
