#!/usr/bin/env bash
# moto's Redshift Data API accepts any statement and leaves it at STARTED forever, although it has a result.
#
# Package:   moto 5.2.5 with boto3 1.44.8 (PyPI)
# Date:      2026-11-27
# Expected:  a statement is FINISHED immediately, or after some calls of describe_statement, as moto does for services
#            whose states change.
# Actual:    describe_statement always returns STARTED and `HasResultSet: false`, while get_statement_result returns
#            three rows of addresses for any SQL. Only cancel_statement changes the state. The same ClientToken twice
#            creates two statements, where the service promises one.
# Output:    the text of `expected` below.
# Impact:    a correct loop, which sends each statement of a bootstrap script after the previous one is FINISHED, never
#            reaches the second statement, while a loop that does not wait passes. To test such a loop, use botocore's
#            Stubber, which can return FINISHED and FAILED.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check --no-compile moto==5.2.5 boto3==1.44.8

cat >probe.py <<'END'
import boto3
from moto import mock_aws

with mock_aws():
    client = boto3.client(
        "redshift-data", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )
    target = {"WorkgroupName": "example", "Database": "dev"}
    first = client.execute_statement(Sql="this is no SQL", **target)["Id"]
    for _ in range(20):
        state = client.describe_statement(Id=first)
    print("after 20 polls:", state["Status"], "HasResultSet:", state["HasResultSet"])
    print("rows:", len(client.get_statement_result(Id=first)["Records"]))
    client.cancel_statement(Id=first)
    print("after cancel:", client.describe_statement(Id=first)["Status"])
    ids = {client.execute_statement(Sql="SELECT 1", ClientToken="once", **target)["Id"] for _ in range(2)}
    print("statements of one ClientToken:", len(ids))
END

cat >expected <<'END'
after 20 polls: STARTED HasResultSet: False
rows: 3
after cancel: ABORTED
statements of one ClientToken: 2
END

venv/bin/python probe.py >seen
diff expected seen
echo "as stated: nothing finishes"
