"""Reads bodies with the generated pydantic models.

Reads `{"folder": …, "bodies": […]}`. Writes a list with an entry for each body: `null` if the models reject it, or else the
body as they write it, and whether the text of the model shows a secret.
"""

import json
import sys

from pydantic import SecretStr, ValidationError

request = json.load(sys.stdin)
sys.path.insert(0, request["folder"])
from payload import RedshiftPayload  # noqa: E402


def secret(value):
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    raise TypeError(value)


def read(body):
    try:
        payload = RedshiftPayload.model_validate_json(json.dumps(body), strict=True)
    except ValidationError:
        return None
    written = json.loads(json.dumps(payload.model_dump(exclude_none=True), default=secret))
    config = body["config"]
    password = config.get("password", config.get("okta", {}).get("password"))
    # A text that is elsewhere, too, may be shown there.
    is_unique = json.dumps(body).count(json.dumps(password)[1:-1]) == 1
    shows = is_unique and password in repr(payload) + payload.model_dump_json()
    return {"body": written, "showsSecret": shows}


json.dump([read(body) for body in request["bodies"]], sys.stdout)
