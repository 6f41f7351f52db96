"""The verdicts of the validators from PyPI.

Reads `{"tool": …, "requests": [{"schema": …, "bodies": […]}, …]}`. Writes a list with an entry for each schema: whether each
body is valid, or the message with which the tool does not take the schema.
"""

import json
import sys

import fastjsonschema
import jsonschema
import jsonschema_rs


def with_jsonschema(schema):
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    return validator(schema, format_checker=validator.FORMAT_CHECKER).is_valid


def with_fastjsonschema(schema):
    validate = fastjsonschema.compile(schema)

    def is_valid(body):
        try:
            validate(body)
        except fastjsonschema.JsonSchemaValueException:
            return False
        return True

    return is_valid


def with_jsonschema_rs(schema):
    # Formats that it does not know are errors.
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True, ignore_unknown_formats=False).is_valid


TOOLS = {
    "jsonschema": with_jsonschema,
    "fastjsonschema": with_fastjsonschema,
    "jsonschema-rs": with_jsonschema_rs,
}


def verdicts(compile_schema, schema, bodies):
    try:
        is_valid = compile_schema(schema)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return [is_valid(body) for body in bodies]


request = json.load(sys.stdin)
tool = TOOLS[request["tool"]]
json.dump([verdicts(tool, one["schema"], one["bodies"]) for one in request["requests"]], sys.stdout)
