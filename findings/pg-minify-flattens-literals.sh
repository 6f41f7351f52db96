#!/usr/bin/env bash
# pg-minify takes the indentation out of literals with several lines, and makes E'...' of them.
#
# Package:   pg-minify 1.8.0 (npm); pg-promise's QueryFile runs it for `minify: true`
# Date:      2026-11-27
# Guess:     white space outside literals goes, text in quotes stays.
# Behaviour: a literal of several lines becomes one line, `E'...\n...'`, and the blanks that its lines
#            begin with are gone, so the value is another one. A literal of one line keeps its blanks. In a body between
#            dollar quotes, comments and line breaks go too.
# Seen:      the text of `expected` below.
# Why here:  a comment on an object, a policy's text or a statement for EXECUTE that spans lines changes its value
#            before it reaches the cluster. Redshift's documentation knows no E before a literal. A body that has been
#            relaid is another text in the catalog, so a comparison with the script sees a difference.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm install --prefix . --silent --no-audit --no-fund --ignore-scripts pg-minify@1.8.0

cat >script.sql <<'EOF'
COMMENT ON SCHEMA sales IS 'for
    the sales   team
  alone';
COMMENT ON SCHEMA stock IS '   one line   ';
CREATE PROCEDURE p() AS $body$
  -- it's a note
BEGIN
  x := 'one
    two';
END;
$body$ LANGUAGE plpgsql;
EOF

cat >expected <<'EOF'
COMMENT ON SCHEMA sales IS E'for\nthe sales   team\nalone';
COMMENT ON SCHEMA stock IS '   one line   ';
CREATE PROCEDURE p() AS $body$ BEGIN x := E'one\ntwo'; END; $body$ LANGUAGE plpgsql;
EOF

node -e '
const minify = require("pg-minify");
const script = require("fs").readFileSync("script.sql", "utf8");
console.log(minify(script).replaceAll("; C", ";\nC"))' >seen
diff expected seen
echo "as stated: the lines of a literal lose their indentation"
