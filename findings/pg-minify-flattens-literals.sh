#!/usr/bin/env bash
# pg-minify removes the indentation in multi-line literals, and changes them to E'...'.
#
# Package:   pg-minify 1.8.0 (npm); pg-promise's QueryFile runs it for `minify: true`
# Date:      2026-11-27
# Expected:  white space outside of literals is removed, and text in quotes is kept.
# Actual:    a multi-line literal becomes one line, `E'...\n...'`, and the blanks at the start of its lines are lost, so
#            the value changes. A literal on one line keeps its blanks. In a body between dollar quotes, comments and
#            line breaks are removed too.
# Output:    the text of `expected` below.
# Impact:    the value of a multi-line comment on an object, policy text or statement for EXECUTE changes before it
#            reaches the cluster. Redshift's documentation does not mention E before a literal. A minified body is
#            another text in the catalog, so a comparison with the script reports a difference.
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
