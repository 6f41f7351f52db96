CREATE ROLE awsuser SUPERUSER LOGIN PASSWORD 'md5684b71c11e214a1538a85bfd63cc0c3c';

CREATE ROLE emulator_keeper NOLOGIN;

ALTER DATABASE postgres RENAME TO padb_harvest;

GRANT CREATE ON SCHEMA public TO PUBLIC;

CREATE OR REPLACE FUNCTION pg_catalog.version() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT 'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.117891' $$;

CREATE OR REPLACE FUNCTION pg_catalog.pg_get_viewdef(oid) RETURNS text LANGUAGE sql STABLE STRICT AS $$
SELECT pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.regexp_replace(pg_catalog.pg_get_viewdef($1, false),
    '(current_setting[(]''[^'']*''::text, )true[)]', chr(92) || '1emulator)', 'g'),
    '(current_setting[(]''[^'']*''::text, )false[)]', chr(92) || '1true)', 'g'),
    '(current_setting[(]''[^'']*''::text, )emulator[)]', chr(92) || '1false)', 'g')
$$;

CREATE FUNCTION pg_catalog.getdate() RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT pg_catalog.date_trunc('second', CAST(pg_catalog.now() AT TIME ZONE 'UTC' AS timestamp)) $$;

CREATE FUNCTION pg_catalog.emulator_sysdate() RETURNS timestamp LANGUAGE sql STABLE AS $$ SELECT CAST(pg_catalog.now() AT TIME ZONE 'UTC' AS timestamp) $$;

CREATE FUNCTION pg_catalog.sha2(text, integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $2 IN (0, 256) THEN pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to($1, 'UTF8')), 'hex') WHEN $2 = 512 THEN pg_catalog.encode(pg_catalog.sha512(pg_catalog.convert_to($1, 'UTF8')), 'hex') END $$;

CREATE FUNCTION pg_catalog.emulator_fold(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT CASE WHEN pg_catalog.current_setting('redshift.enable_case_sensitive_identifier', true) IN ('on', 'true') THEN $1 ELSE pg_catalog.translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz') END $$;

CREATE FUNCTION pg_catalog.emulator_rewritten(sql text) RETURNS text LANGUAGE plpgsql STABLE SET search_path TO pg_catalog AS $$
DECLARE
    b text := chr(92) || chr(92);
    verb text := upper(substring(sql from '^[[:space:]]*([[:alpha:]]+)'));
    rest text := sql;
    result text := '';
    piece text;
    word text;
    last text := '';
BEGIN
    IF verb IN ('SAVEPOINT', 'DO') OR (verb IN ('CREATE', 'DROP') AND upper(sql) ~ '^[[:space:]]*[[:alpha:]]+[[:space:]]+DATABASE') THEN
        RAISE EXCEPTION '% is not supported in a stored procedure', verb USING ERRCODE = '0A000';
    END IF;
    WHILE rest <> '' LOOP
        IF substr(rest, 1, 1) = '''' THEN
            piece := substring(rest from '^''(?:[^''' || b || ']|''''|' || b || '.)*''');
            result := result || coalesce(piece, rest);
        ELSIF substr(rest, 1, 1) = '"' THEN
            piece := substring(rest from '^"(?:[^"]|"")*"');
            IF last = 'GROUP' THEN
                result := result || '"group ' || emulator_fold(substr(coalesce(piece, rest), 2));
            ELSIF last = 'USER' OR (last = 'EXISTS' AND upper(sql) ~ '^[[:space:]]*DROP[[:space:]]+USER')
                OR (last IN ('TO', 'FROM') AND verb IN ('ALTER', 'GRANT', 'REVOKE')) THEN
                result := result || coalesce(piece, rest);
            ELSE
                result := result || emulator_fold(coalesce(piece, rest));
            END IF;
        ELSE
            piece := substring(rest from '^[^''"]+');
            result := result || piece;
            word := substring(piece from '([[:alpha:]_]+)[^[:alpha:]_]*$');
            last := coalesce(upper(word), last);
        END IF;
        rest := substr(rest, length(coalesce(piece, rest)) + 1);
    END LOOP;
    RETURN result;
END
$$;

CREATE TABLE pg_catalog.emulator_privilege (class oid NOT NULL, object oid NOT NULL, grantee oid NOT NULL, privilege name NOT NULL, PRIMARY KEY (class, object, grantee, privilege));

CREATE FUNCTION pg_catalog.emulator_store(is_grant boolean, class oid, objects oid[], grantees oid[], privileges name[]) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path TO pg_catalog AS $$
DELETE FROM emulator_privilege p WHERE p.class = $2 AND p.object = ANY ($3) AND p.grantee = ANY ($4) AND p.privilege = ANY ($5);
INSERT INTO emulator_privilege SELECT $2, o, g, p FROM unnest($3) o, unnest($4) g, unnest($5) p WHERE $1 ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION pg_catalog.emulator_decoded(list text) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$ SELECT pg_catalog.convert_from(pg_catalog.decode(h, 'hex'), 'UTF8') FROM pg_catalog.unnest(pg_catalog.string_to_array($1, ',')) h $$;

CREATE FUNCTION pg_catalog.emulator_record(mark text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parts text[] := pg_catalog.string_to_array(mark, '|');
    objects oid[];
    grantees oid[] := ARRAY(SELECT CASE d WHEN 'public' THEN 0 ELSE (SELECT a.oid FROM pg_catalog.pg_roles a WHERE a.rolname = d) END FROM pg_catalog.emulator_decoded(parts[4]) d);
BEGIN
    IF parts[2] = 'schema' THEN
        objects := ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE n.nspname IN (SELECT pg_catalog.emulator_decoded(parts[3])));
    ELSIF parts[2] = 'schematables' THEN
        objects := ARRAY(SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN (SELECT pg_catalog.emulator_decoded(parts[3])) AND c.relkind IN ('r', 'v'));
    ELSE
        objects := ARRAY(SELECT CAST(pg_catalog.to_regclass(d) AS oid) FROM pg_catalog.emulator_decoded(parts[3]) d);
    END IF;
    PERFORM pg_catalog.emulator_store(parts[1] = 'G', CASE parts[2] WHEN 'schema' THEN CAST(CAST('pg_catalog.pg_namespace' AS regclass) AS oid) ELSE CAST(CAST('pg_catalog.pg_class' AS regclass) AS oid) END, pg_catalog.array_remove(objects, NULL), pg_catalog.array_remove(grantees, NULL), CAST(pg_catalog.string_to_array(parts[5], ',') AS name[]));
END
$$;

CREATE FUNCTION pg_catalog.emulator_dynamic(sql text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rewritten text := pg_catalog.regexp_replace(pg_catalog.emulator_rewritten(sql), '^([[:space:]]*ALTER[[:space:]]+DEFAULT[[:space:]]+PRIVILEGES[[:space:]].*[[:space:]]ON[[:space:]]+)PROCEDURES', pg_catalog.chr(92) || '1ROUTINES', 'i');
    parts text[] := pg_catalog.regexp_matches(rewritten, '^[[:space:]]*(GRANT|REVOKE)[[:space:]]+(ALL)([[:space:]]+PRIVILEGES)?[[:space:]]+ON[[:space:]]+SCHEMA[[:space:]]+(.*)[[:space:]]+(TO|FROM)[[:space:]]+(.*)$', 'i');
    objects text;
    grantees text;
BEGIN
    IF parts IS NOT NULL THEN
        SELECT pg_catalog.string_agg(pg_catalog.encode(pg_catalog.convert_to(pg_catalog.replace(pg_catalog.btrim(o, ' "'), '""', '"'), 'UTF8'), 'hex'), ',') INTO objects FROM pg_catalog.unnest(pg_catalog.string_to_array(parts[4], ',')) o;
        SELECT pg_catalog.string_agg(pg_catalog.encode(pg_catalog.convert_to(CASE WHEN pg_catalog.lower(g) = 'public' THEN 'public' ELSE pg_catalog.replace(g, '""', '"') END, 'UTF8'), 'hex'), ',') INTO grantees FROM (SELECT pg_catalog.btrim(pg_catalog.regexp_replace(t, '^[[:space:]]*GROUP[[:space:]]+', '', 'i'), ' ;"') AS g FROM pg_catalog.unnest(pg_catalog.string_to_array(parts[6], ',')) t) x;
        PERFORM pg_catalog.emulator_record(pg_catalog.upper(pg_catalog.substr(parts[1], 1, 1)) || '|schema|' || objects || '|' || grantees || '|ALTER,DROP');
    END IF;
    RETURN rewritten;
END
$$;

CREATE FUNCTION pg_catalog.emulator_open(relation text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF CURRENT_USER <> 'rdsdb' AND pg_catalog.current_setting('emulator.kind', true) IN ('serverless', 'multi-az') THEN
        RAISE EXCEPTION 'permission denied for relation %', relation USING ERRCODE = '42501';
    END IF;
    RETURN true;
END
$$;

CREATE FUNCTION pg_catalog.emulator_restricted() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT coalesce(pg_catalog.current_setting('emulator.metadata_security', true) = 'on', false) AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER) $$;

CREATE FUNCTION pg_catalog.emulator_original(body text) RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path TO pg_catalog AS $$
DECLARE
    part text;
    result text := '';
    place integer;
BEGIN
    FOREACH part IN ARRAY string_to_array(body, '/*~*/') LOOP
        place := position('/*~x' in part);
        IF place = 0 THEN
            result := result || part;
        ELSE
            result := result || substr(part, 1, place - 1)
                || convert_from(decode(split_part(substr(part, place + 4), '*/', 1), 'hex'), 'UTF8');
        END IF;
    END LOOP;
    RETURN result;
END
$$;

CREATE FUNCTION pg_catalog.emulator_before_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.set_config('emulator.procedures', (SELECT coalesce(pg_catalog.string_agg(CAST(oid AS text), ','), '') FROM pg_catalog.pg_proc WHERE prokind = 'p'), true);
END
$$;

CREATE FUNCTION pg_catalog.emulator_after_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    command record;
BEGIN
    FOR command IN SELECT c.objid, c.object_identity FROM pg_catalog.pg_event_trigger_ddl_commands() c WHERE c.object_type = 'procedure' LOOP
        IF NOT CAST(command.objid AS text) = ANY (pg_catalog.string_to_array(pg_catalog.current_setting('emulator.procedures'), ',')) THEN
            EXECUTE 'REVOKE EXECUTE ON PROCEDURE ' || command.object_identity || ' FROM PUBLIC';
        END IF;
    END LOOP;
END
$$;

CREATE EVENT TRIGGER emulator_before_ddl ON ddl_command_start WHEN TAG IN ('CREATE PROCEDURE') EXECUTE FUNCTION pg_catalog.emulator_before_ddl();

CREATE EVENT TRIGGER emulator_after_ddl ON ddl_command_end WHEN TAG IN ('CREATE PROCEDURE') EXECUTE FUNCTION pg_catalog.emulator_after_ddl();

CREATE FUNCTION pg_catalog.emulator_after_grant() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    mark text;
BEGIN
    FOR mark IN SELECT m[1] FROM pg_catalog.regexp_matches(pg_catalog.current_query(), '/[*]~privileges ([^*]*)[*]/', 'g') m LOOP
        PERFORM pg_catalog.emulator_record(mark);
    END LOOP;
END
$$;

CREATE EVENT TRIGGER emulator_after_grant ON ddl_command_end WHEN TAG IN ('GRANT', 'REVOKE') EXECUTE FUNCTION pg_catalog.emulator_after_grant();

CREATE FUNCTION pg_catalog.emulator_holds(holder name, class oid, object oid, owner oid, privilege text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog AS $$
SELECT pg_has_role($1, $4, 'USAGE') OR EXISTS (SELECT 1 FROM emulator_privilege p WHERE p.class = $2 AND p.object = $3 AND p.privilege = upper($5) AND (p.grantee = 0 OR pg_has_role($1, p.grantee, 'USAGE')))
$$;

CREATE FUNCTION pg_catalog.emulator_has_schema_privilege(name, text, text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM pg_catalog.has_schema_privilege($1, $2, 'USAGE');
    RETURN (SELECT pg_catalog.emulator_holds($1, CAST(c.tableoid AS oid), c.oid, c.nspowner, $3) FROM pg_catalog.pg_namespace c WHERE c.oid = CAST(pg_catalog.to_regnamespace(pg_catalog.quote_ident($2)) AS oid));
END
$$;

CREATE FUNCTION pg_catalog.emulator_has_schema_privilege(text, text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT pg_catalog.emulator_has_schema_privilege(CURRENT_USER, $1, $2) $$;

CREATE FUNCTION pg_catalog.emulator_has_schema_privilege(name, oid, text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM pg_catalog.has_schema_privilege($1, $2, 'USAGE');
    RETURN (SELECT pg_catalog.emulator_holds($1, CAST(c.tableoid AS oid), c.oid, c.nspowner, $3) FROM pg_catalog.pg_namespace c WHERE c.oid = $2);
END
$$;

CREATE FUNCTION pg_catalog.emulator_has_schema_privilege(oid, text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT pg_catalog.emulator_has_schema_privilege(CURRENT_USER, $1, $2) $$;

CREATE FUNCTION pg_catalog.emulator_has_table_privilege(name, text, text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM pg_catalog.has_table_privilege($1, $2, 'SELECT');
    RETURN (SELECT pg_catalog.emulator_holds($1, CAST(c.tableoid AS oid), c.oid, c.relowner, $3) FROM pg_catalog.pg_class c WHERE c.oid = CAST(pg_catalog.to_regclass($2) AS oid));
END
$$;

CREATE FUNCTION pg_catalog.emulator_has_table_privilege(text, text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT pg_catalog.emulator_has_table_privilege(CURRENT_USER, $1, $2) $$;

CREATE FUNCTION pg_catalog.emulator_has_table_privilege(name, oid, text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM pg_catalog.has_table_privilege($1, $2, 'SELECT');
    RETURN (SELECT pg_catalog.emulator_holds($1, CAST(c.tableoid AS oid), c.oid, c.relowner, $3) FROM pg_catalog.pg_class c WHERE c.oid = $2);
END
$$;

CREATE FUNCTION pg_catalog.emulator_has_table_privilege(oid, text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT pg_catalog.emulator_has_table_privilege(CURRENT_USER, $1, $2) $$;

CREATE FUNCTION pg_catalog.emulator_lend(borrower name, tag text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog SET allow_system_table_mods TO on AS $$
DECLARE
    me oid := (SELECT r.oid FROM pg_roles r WHERE r.rolname = borrower);
    needed name := CASE WHEN tag LIKE 'DROP %' THEN 'DROP' ELSE 'ALTER' END;
    lent text := '';
    found record;
BEGIN
    FOR found IN SELECT p.class, p.object, coalesce(n.nspowner, c.relowner) AS owner FROM emulator_privilege p
        LEFT JOIN pg_namespace n ON p.class = CAST('pg_namespace' AS regclass) AND n.oid = p.object AND tag LIKE '% SCHEMA'
        LEFT JOIN pg_class c ON p.class = CAST('pg_class' AS regclass) AND c.oid = p.object AND tag NOT LIKE '% SCHEMA'
        WHERE p.privilege = needed AND (p.grantee = 0 OR pg_has_role(me, p.grantee, 'MEMBER')) AND coalesce(n.nspowner, c.relowner) <> me
    LOOP
        UPDATE pg_namespace SET nspowner = me WHERE found.class = CAST('pg_namespace' AS regclass) AND oid = found.object;
        UPDATE pg_class SET relowner = me WHERE found.class = CAST('pg_class' AS regclass) AND oid = found.object;
        lent := lent || ',' || found.object || ':' || found.owner;
    END LOOP;
    RETURN lent;
END
$$;

CREATE FUNCTION pg_catalog.emulator_take_back(lent text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path TO pg_catalog SET allow_system_table_mods TO on AS $$
BEGIN
    UPDATE pg_namespace n SET nspowner = CAST(split_part(l, ':', 2) AS oid) FROM unnest(string_to_array(substr(lent, 2), ',')) l WHERE CAST(n.oid AS text) = split_part(l, ':', 1);
    UPDATE pg_class c SET relowner = CAST(split_part(l, ':', 2) AS oid) FROM unnest(string_to_array(substr(lent, 2), ',')) l WHERE CAST(c.oid AS text) = split_part(l, ':', 1);
END
$$;

CREATE FUNCTION pg_catalog.emulator_before_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER) THEN
        PERFORM pg_catalog.set_config('emulator.lent', pg_catalog.emulator_lend(CURRENT_USER, TG_TAG), true);
    END IF;
END
$$;

CREATE FUNCTION pg_catalog.emulator_after_change() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    lent text := pg_catalog.current_setting('emulator.lent', true);
BEGIN
    IF lent <> '' THEN
        PERFORM pg_catalog.emulator_take_back(lent);
        PERFORM pg_catalog.set_config('emulator.lent', '', true);
    END IF;
END
$$;

CREATE EVENT TRIGGER emulator_before_change ON ddl_command_start WHEN TAG IN ('ALTER SCHEMA', 'DROP SCHEMA', 'ALTER TABLE', 'DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION pg_catalog.emulator_before_change();

CREATE EVENT TRIGGER emulator_after_change ON ddl_command_end WHEN TAG IN ('ALTER SCHEMA', 'DROP SCHEMA', 'ALTER TABLE', 'DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION pg_catalog.emulator_after_change();

CREATE FUNCTION pg_catalog.emulator_before_defaults() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.current_setting('emulator.default_privileges_remain', true) = 'on' AND coalesce(pg_catalog.current_setting('emulator.busy', true), '') <> 'on' THEN
        PERFORM pg_catalog.set_config('emulator.defaults', coalesce((SELECT pg_catalog.string_agg(CAST(d.oid AS text) || ':' || CAST(d.defaclrole AS text) || ':' || CAST(d.defaclnamespace AS text) || ':' || CAST(d.defaclobjtype AS text), ',') FROM pg_catalog.pg_default_acl d WHERE EXISTS (SELECT x.grantee, x.privilege_type FROM pg_catalog.aclexplode(d.defaclacl) x EXCEPT SELECT x.grantee, x.privilege_type FROM pg_catalog.aclexplode(pg_catalog.acldefault(d.defaclobjtype, d.defaclrole)) x WHERE d.defaclnamespace = 0)), ''), true);
    END IF;
END
$$;

CREATE FUNCTION pg_catalog.emulator_after_defaults() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    entry record;
BEGIN
    IF coalesce(pg_catalog.current_setting('emulator.default_privileges_remain', true), '') <> 'on' OR pg_catalog.current_setting('emulator.busy', true) = 'on' THEN
        RETURN;
    END IF;
    PERFORM pg_catalog.set_config('emulator.busy', 'on', true);
    FOR entry IN SELECT pg_catalog.split_part(e, ':', 4) AS type, pg_catalog.pg_get_userbyid(CAST(pg_catalog.split_part(e, ':', 2) AS oid)) AS owner, (SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid = CAST(pg_catalog.split_part(e, ':', 3) AS oid)) AS schema
        FROM pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.current_setting('emulator.defaults', true), ',')) e
        WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_default_acl d WHERE CAST(d.oid AS text) = pg_catalog.split_part(e, ':', 1))
    LOOP
        IF entry.schema IS NULL THEN
            EXECUTE pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE ALL ON %s FROM %I, PUBLIC', entry.owner, CASE entry.type WHEN 'r' THEN 'TABLES' ELSE 'ROUTINES' END, entry.owner);
        ELSE
            EXECUTE pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I GRANT ALL ON %s TO emulator_keeper', entry.owner, entry.schema, CASE entry.type WHEN 'r' THEN 'TABLES' ELSE 'ROUTINES' END);
        END IF;
    END LOOP;
    FOR entry IN SELECT d.defaclobjtype AS type, pg_catalog.pg_get_userbyid(d.defaclrole) AS owner, n.nspname AS schema FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
        WHERE EXISTS (SELECT 1 FROM pg_catalog.aclexplode(d.defaclacl) x WHERE pg_catalog.pg_get_userbyid(x.grantee) = 'emulator_keeper') AND EXISTS (SELECT 1 FROM pg_catalog.aclexplode(d.defaclacl) x WHERE x.grantee = d.defaclrole)
    LOOP
        EXECUTE pg_catalog.format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I REVOKE ALL ON %s FROM emulator_keeper, %I, PUBLIC', entry.owner, entry.schema, CASE entry.type WHEN 'r' THEN 'TABLES' ELSE 'ROUTINES' END, entry.owner);
    END LOOP;
    PERFORM pg_catalog.set_config('emulator.busy', 'off', true);
END
$$;

CREATE EVENT TRIGGER emulator_before_defaults ON ddl_command_start WHEN TAG IN ('ALTER DEFAULT PRIVILEGES') EXECUTE FUNCTION pg_catalog.emulator_before_defaults();

CREATE EVENT TRIGGER emulator_after_defaults ON ddl_command_end WHEN TAG IN ('ALTER DEFAULT PRIVILEGES') EXECUTE FUNCTION pg_catalog.emulator_after_defaults();

CREATE VIEW pg_catalog.emulator_namespace AS
SELECT n.* FROM pg_catalog.pg_namespace n WHERE NOT pg_catalog.emulator_restricted() OR n.nspname LIKE 'pg~_%' ESCAPE '~' OR n.nspname = 'information_schema'
    OR pg_catalog.pg_has_role(n.nspowner, 'USAGE') OR pg_catalog.has_schema_privilege(n.oid, 'USAGE, CREATE');

CREATE VIEW pg_catalog.emulator_class AS
SELECT c.* FROM pg_catalog.pg_class c WHERE NOT pg_catalog.emulator_restricted() OR pg_catalog.pg_has_role(c.relowner, 'USAGE')
    OR pg_catalog.has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES') OR pg_catalog.has_any_column_privilege(c.oid, 'SELECT, UPDATE');

CREATE VIEW pg_catalog.emulator_attribute AS
SELECT a.* FROM pg_catalog.pg_attribute a WHERE NOT pg_catalog.emulator_restricted() OR EXISTS (SELECT 1 FROM pg_catalog.emulator_class c WHERE c.oid = a.attrelid);

CREATE VIEW pg_catalog.emulator_tables AS
SELECT t.* FROM pg_catalog.pg_tables t WHERE NOT pg_catalog.emulator_restricted() OR EXISTS (SELECT 1 FROM pg_catalog.emulator_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = t.schemaname AND c.relname = t.tablename);

CREATE VIEW pg_catalog.emulator_views AS
SELECT v.* FROM pg_catalog.pg_views v WHERE NOT pg_catalog.emulator_restricted() OR EXISTS (SELECT 1 FROM pg_catalog.emulator_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = v.schemaname AND c.relname = v.viewname);

CREATE VIEW pg_catalog.emulator_database AS
SELECT d.* FROM pg_catalog.pg_database d WHERE NOT pg_catalog.emulator_restricted() OR pg_catalog.pg_has_role(d.datdba, 'USAGE') OR pg_catalog.has_database_privilege(d.oid, 'CREATE, TEMPORARY');

DROP VIEW pg_catalog.pg_user;

CREATE VIEW pg_catalog.pg_user AS
SELECT rolname AS usename, CAST(oid AS integer) AS usesysid, rolcreatedb AS usecreatedb, rolsuper AS usesuper,
    false AS usecatupd, CAST('********' AS text) AS passwd, rolvaliduntil AS valuntil, rolconfig AS useconfig
FROM pg_catalog.pg_roles WHERE rolcanlogin AND (NOT pg_catalog.emulator_restricted() OR rolname = CURRENT_USER);

CREATE VIEW pg_catalog.pg_user_info AS
SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, passwd, valuntil, useconfig,
    CAST(CASE WHEN r.rolconnlimit < 0 THEN 'UNLIMITED' ELSE CAST(r.rolconnlimit AS text) END AS text) AS useconnlimit
FROM pg_catalog.pg_user u JOIN pg_catalog.pg_roles r ON r.rolname = u.usename;

CREATE OR REPLACE VIEW pg_catalog.pg_group AS
SELECT CAST(pg_catalog.substr(a.rolname, 7) AS name) AS groname, a.oid AS grosysid,
    ARRAY(SELECT m.member FROM pg_catalog.pg_auth_members m WHERE m.roleid = a.oid ORDER BY m.member) AS grolist
FROM pg_catalog.pg_authid a WHERE NOT a.rolcanlogin AND a.rolname LIKE 'group %';

CREATE VIEW pg_catalog.emulator_proc AS
SELECT oid, proname, pronamespace, proowner, prolang, prokind = 'a' AS proisagg, prosecdef, proisstrict, proretset,
    provolatile, pronargs, prorettype, proargtypes, proargnames, pg_catalog.emulator_original(prosrc) AS prosrc,
    probin, proacl
FROM pg_catalog.pg_proc
WHERE NOT pg_catalog.emulator_restricted() OR pg_catalog.pg_has_role(proowner, 'USAGE') OR pg_catalog.has_function_privilege(oid, 'EXECUTE');

CREATE VIEW pg_catalog.emulator_default_acl AS
SELECT CAST(defaclrole AS integer) AS defacluser, defaclnamespace, defaclobjtype, ARRAY(SELECT i FROM pg_catalog.unnest(defaclacl) i WHERE CAST(i AS text) NOT LIKE 'emulator~_keeper=%' ESCAPE '~') AS defaclacl FROM pg_catalog.pg_default_acl;

CREATE VIEW pg_catalog.pg_proc_info AS
SELECT oid AS prooid, proname, pronamespace, proowner, prolang, prokind = 'a' AS proisagg, prosecdef, proisstrict,
    proretset, provolatile, pronargs, prorettype, proargtypes, pg_catalog.emulator_original(prosrc) AS prosrc, probin,
    proacl, prokind, proargnames, proargmodes, proallargtypes, proconfig
FROM pg_catalog.pg_proc
WHERE NOT pg_catalog.emulator_restricted() OR pg_catalog.pg_has_role(proowner, 'USAGE') OR pg_catalog.has_function_privilege(oid, 'EXECUTE');

CREATE VIEW pg_catalog.pg_class_info AS
SELECT oid AS reloid, relname, relnamespace, reltype, relowner, relam, relfilenode, reltablespace, relpages, reltuples,
    relhasindex, relisshared, relkind, relnatts, relacl, CAST(NULL AS timestamp) AS relcreationtime
FROM pg_catalog.emulator_class;

CREATE VIEW pg_catalog.pg_database_info AS
SELECT datname, oid AS datid, datdba, encoding, datistemplate, datallowconn, datacl,
    CAST(CASE WHEN datconnlimit < 0 THEN 'UNLIMITED' ELSE CAST(datconnlimit AS text) END AS text) AS datconnlimit
FROM pg_catalog.emulator_database;

CREATE VIEW pg_catalog.stv_sessions AS
SELECT CAST(a.backend_start AT TIME ZONE 'UTC' AS timestamp) AS starttime, a.pid AS process,
    CAST(a.usename AS character(50)) AS user_name, CAST(a.datname AS character(50)) AS db_name,
    0 AS timeout_sec
FROM pg_catalog.pg_stat_activity a
WHERE pg_catalog.emulator_open('stv_sessions') AND a.backend_type = 'client backend' AND a.backend_start IS NOT NULL AND a.usename <> 'rdsdb';

CREATE VIEW pg_catalog.sys_session_history AS
SELECT CAST(a.usesysid AS integer) AS user_id, a.pid AS session_id, CAST(a.datname AS character(50)) AS database_name,
    CAST('active' AS character(50)) AS status, 0 AS session_timeout,
    CAST(a.backend_start AT TIME ZONE 'UTC' AS timestamp) AS start_time, CAST(NULL AS timestamp) AS end_time
FROM pg_catalog.pg_stat_activity a
WHERE a.backend_type = 'client backend' AND a.backend_start IS NOT NULL AND a.usename <> 'rdsdb';

CREATE VIEW pg_catalog.svv_redshift_databases AS
SELECT CAST(d.datname AS varchar(128)) AS database_name, CAST(d.datdba AS integer) AS database_owner,
    CAST('local' AS varchar(32)) AS database_type, CAST(CAST(d.datacl AS text) AS varchar(1024)) AS database_acl,
    CAST(NULL AS varchar(128)) AS database_options
FROM pg_catalog.emulator_database d WHERE d.datname NOT IN ('template0', 'template1', 'padb_harvest');

CREATE VIEW pg_catalog.svv_redshift_schemas AS
SELECT CAST(current_database() AS varchar(128)) AS database_name, CAST(n.nspname AS varchar(128)) AS schema_name,
    CAST(n.nspowner AS integer) AS schema_owner, CAST('local' AS varchar(16)) AS schema_type,
    CAST(CAST(n.nspacl AS text) AS varchar(128)) AS schema_acl, CAST(NULL AS varchar(128)) AS schema_option
FROM pg_catalog.emulator_namespace n WHERE n.nspname NOT LIKE 'pg~_toast%' ESCAPE '~';

CREATE VIEW pg_catalog.svv_redshift_tables AS
SELECT CAST(current_database() AS varchar(128)) AS database_name, CAST(n.nspname AS varchar(128)) AS schema_name,
    CAST(c.relname AS varchar(128)) AS table_name,
    CAST(CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS varchar(128)) AS table_type,
    CAST(CAST(c.relacl AS text) AS varchar(128)) AS table_acl, CAST('' AS varchar(128)) AS remarks
FROM pg_catalog.emulator_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v') AND n.nspname <> 'pg_toast';

CREATE VIEW pg_catalog.svv_tables AS
SELECT database_name AS table_catalog, schema_name AS table_schema, table_name,
    CASE table_type WHEN 'TABLE' THEN 'BASE TABLE' ELSE table_type END AS table_type, remarks
FROM pg_catalog.svv_redshift_tables;

CREATE VIEW pg_catalog.svv_redshift_functions AS
SELECT CAST(current_database() AS varchar(128)) AS database_name, CAST(n.nspname AS varchar(128)) AS schema_name,
    CAST(p.proname AS varchar(128)) AS function_name,
    CAST(CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE' ELSE 'REGULAR FUNCTION' END AS varchar(128)) AS function_type,
    CAST(pg_catalog.pg_get_function_identity_arguments(p.oid) AS varchar(512)) AS argument_type,
    CAST(pg_catalog.format_type(p.prorettype, NULL) AS varchar(128)) AS result_type
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
WHERE NOT pg_catalog.emulator_restricted() OR pg_catalog.pg_has_role(p.proowner, 'USAGE') OR pg_catalog.has_function_privilege(p.oid, 'EXECUTE');

CREATE VIEW pg_catalog.emulator_identity AS
SELECT a.oid AS identity_id, CAST(CASE WHEN a.rolname LIKE 'group %' THEN pg_catalog.substr(a.rolname, 7) ELSE CAST(a.rolname AS text) END AS varchar(128)) AS identity_name,
    CAST(CASE WHEN a.rolname LIKE 'group %' THEN 'group' ELSE 'user' END AS varchar(128)) AS identity_type
FROM pg_catalog.pg_authid a
UNION ALL SELECT 0, CAST('public' AS varchar(128)), CAST('public' AS varchar(128));

CREATE VIEW pg_catalog.svv_schema_privileges AS
SELECT CAST(n.nspname AS varchar(128)) AS namespace_name, CAST(x.privilege_type AS varchar(128)) AS privilege_type,
    CAST(x.grantee AS integer) AS identity_id, i.identity_name, i.identity_type, x.is_grantable AS admin_option,
    CAST('SCHEMA' AS varchar(128)) AS privilege_scope
FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(n.nspacl, pg_catalog.acldefault('n', n.nspowner))) x
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE x.grantee <> n.nspowner
UNION ALL
SELECT CAST(n.nspname AS varchar(128)), CAST(p.privilege AS varchar(128)), CAST(p.grantee AS integer), i.identity_name, i.identity_type, false, CAST('SCHEMA' AS varchar(128))
FROM pg_catalog.emulator_privilege p JOIN pg_catalog.pg_namespace n ON n.oid = p.object AND p.class = CAST('pg_catalog.pg_namespace' AS regclass)
    JOIN pg_catalog.emulator_identity i ON i.identity_id = p.grantee;

CREATE VIEW pg_catalog.svv_relation_privileges AS
SELECT CAST(n.nspname AS varchar(128)) AS namespace_name, CAST(c.relname AS varchar(128)) AS relation_name,
    CAST(x.privilege_type AS varchar(128)) AS privilege_type, CAST(x.grantee AS integer) AS identity_id,
    i.identity_name, i.identity_type, x.is_grantable AS admin_option
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))) x
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE c.relkind IN ('r', 'v') AND x.grantee <> c.relowner
UNION ALL
SELECT CAST(n.nspname AS varchar(128)), CAST(c.relname AS varchar(128)), CAST(p.privilege AS varchar(128)), CAST(p.grantee AS integer), i.identity_name, i.identity_type, false
FROM pg_catalog.emulator_privilege p JOIN pg_catalog.pg_class c ON c.oid = p.object AND p.class = CAST('pg_catalog.pg_class' AS regclass)
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.emulator_identity i ON i.identity_id = p.grantee;

CREATE VIEW pg_catalog.svv_column_privileges AS
SELECT CAST(n.nspname AS varchar(128)) AS namespace_name, CAST(c.relname AS varchar(128)) AS relation_name,
    CAST(a.attname AS varchar(128)) AS column_name, CAST(x.privilege_type AS varchar(128)) AS privilege_type,
    CAST(x.grantee AS integer) AS identity_id, i.identity_name, i.identity_type
FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE c.relkind IN ('r', 'v') AND n.nspname NOT LIKE 'pg~_%' ESCAPE '~' AND n.nspname <> 'information_schema';

CREATE VIEW pg_catalog.svv_database_privileges AS
SELECT CAST(d.datname AS varchar(128)) AS database_name, CAST(CASE x.privilege_type WHEN 'TEMPORARY' THEN 'TEMP' ELSE x.privilege_type END AS varchar(128)) AS privilege_type,
    CAST(x.grantee AS integer) AS identity_id, i.identity_name, i.identity_type, x.is_grantable AS admin_option,
    CAST('DATABASE' AS varchar(128)) AS privilege_scope
FROM pg_catalog.pg_database d CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba))) x
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE x.privilege_type <> 'CONNECT' AND x.grantee <> d.datdba;

CREATE VIEW pg_catalog.svv_function_privileges AS
SELECT CAST(n.nspname AS varchar(128)) AS namespace_name, CAST(p.proname AS varchar(128)) AS function_name,
    CAST((SELECT pg_catalog.string_agg(pg_catalog.format_type(t, NULL), ', ') FROM pg_catalog.unnest(p.proargtypes) t) AS varchar(512)) AS argument_types,
    CAST(x.privilege_type AS varchar(128)) AS privilege_type, CAST(x.grantee AS integer) AS identity_id,
    i.identity_name, i.identity_type, x.is_grantable AS admin_option
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) x
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE x.grantee <> p.proowner;

CREATE VIEW pg_catalog.svv_default_privileges AS
SELECT CAST(n.nspname AS varchar(128)) AS schema_name,
    CAST(CASE d.defaclobjtype WHEN 'r' THEN 'RELATION' ELSE 'FUNCTION' END AS varchar(128)) AS object_type,
    CAST(d.defaclrole AS integer) AS owner_id, o.identity_name AS owner_name, o.identity_type AS owner_type,
    CAST(x.privilege_type AS varchar(128)) AS privilege_type, CAST(x.grantee AS integer) AS grantee_id,
    i.identity_name AS grantee_name, i.identity_type AS grantee_type, x.is_grantable AS admin_option
FROM pg_catalog.pg_default_acl d LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) x
    JOIN pg_catalog.emulator_identity o ON o.identity_id = d.defaclrole
    JOIN pg_catalog.emulator_identity i ON i.identity_id = x.grantee
WHERE x.grantee <> d.defaclrole AND i.identity_name <> 'emulator_keeper' AND NOT (x.grantee = 0 AND d.defaclnamespace = 0 AND d.defaclobjtype = 'f');

CREATE VIEW pg_catalog.svv_roles AS
SELECT 0 AS role_id, CAST('' AS varchar(128)) AS role_name, CAST('' AS varchar(128)) AS role_owner WHERE false;

CREATE VIEW pg_catalog.svv_user_grants AS
SELECT 0 AS user_id, CAST('' AS varchar(128)) AS user_name, 0 AS role_id, CAST('' AS varchar(128)) AS role_name, false AS admin_option WHERE false;

CREATE VIEW pg_catalog.svv_role_grants AS
SELECT 0 AS role_id, CAST('' AS varchar(128)) AS role_name, 0 AS granted_role_id, CAST('' AS varchar(128)) AS granted_role_name WHERE false;

CREATE VIEW pg_catalog.svv_system_privileges AS
SELECT CAST('' AS varchar(128)) AS system_privilege, 0 AS identity_id, CAST('' AS varchar(128)) AS identity_name, CAST('' AS varchar(128)) AS identity_type WHERE false;

GRANT SELECT ON pg_catalog.pg_user, pg_catalog.pg_user_info, pg_catalog.emulator_default_acl, pg_catalog.emulator_proc, pg_catalog.pg_proc_info, pg_catalog.pg_class_info, pg_catalog.pg_database_info, pg_catalog.stv_sessions, pg_catalog.sys_session_history, pg_catalog.emulator_namespace, pg_catalog.emulator_class, pg_catalog.emulator_attribute, pg_catalog.emulator_tables, pg_catalog.emulator_views, pg_catalog.emulator_database, pg_catalog.svv_redshift_databases, pg_catalog.svv_redshift_schemas, pg_catalog.svv_redshift_tables, pg_catalog.svv_tables, pg_catalog.svv_redshift_functions, pg_catalog.emulator_identity, pg_catalog.svv_schema_privileges, pg_catalog.svv_relation_privileges, pg_catalog.svv_column_privileges, pg_catalog.svv_database_privileges, pg_catalog.svv_function_privileges, pg_catalog.svv_default_privileges, pg_catalog.svv_roles, pg_catalog.svv_user_grants, pg_catalog.svv_role_grants, pg_catalog.svv_system_privileges TO PUBLIC;

CREATE DATABASE dev OWNER awsuser;

