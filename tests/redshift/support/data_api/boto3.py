"""boto3 for the tests: a client of the stub, without credentials, signatures and retries."""

import json
import os
import urllib.request

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Client:
    def __getattr__(self, method):
        operation = "".join(word.title() for word in method.split("_"))

        def call(**parameters):
            request = urllib.request.Request(
                # The variable that boto3 reads as well.
                os.environ["AWS_ENDPOINT_URL_REDSHIFT_DATA"],
                data=json.dumps(parameters).encode(),
                headers={
                    "Content-Type": "application/x-amz-json-1.1",
                    "X-Amz-Target": f"RedshiftData.{operation}",
                },
            )
            with OPENER.open(request) as answer:
                return json.load(answer)

        return call


def client(service):
    assert service == "redshift-data", service
    return Client()
