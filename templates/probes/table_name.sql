{# From the joined rows: a constant name of a table that does not exist would be an error. -#}
QUOTE_IDENT(n.nspname) || '.' || QUOTE_IDENT(c.relname)
