SELECT 1 FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace AND n.nspname = 'immuta_system' AND c.relname = {{ name.sql() }}
    AND c.relkind = 'r'
    AND {{ count }} = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
    AND {{ count }} = (SELECT COUNT(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped AND a.attname IN ({% for column in columns %}{% if !loop.first %}, {% endif %}{{ column.sql() }}{% endfor %}))
