"""Makes calls with boto3: one JSON list of calls a line, one JSON list of answers a line.

`ENDPOINT` and `VERIFY`, where they are set, are the client's `endpoint_url` and `verify`.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.exceptions import ClientError

given = {"endpoint_url": os.environ.get("ENDPOINT"), "verify": os.environ.get("VERIFY")}
client = boto3.client("apigatewaymanagementapi", **{key: value for key, value in given.items() if value})


def make(call):
    connection_id = call["id"]
    if call["type"] == "get":
        info = client.get_connection(ConnectionId=connection_id)
        return {
            "type": "info",
            "connectedAt": iso(info["ConnectedAt"]),
            "lastActiveAt": iso(info["LastActiveAt"]),
            "identity": info["Identity"],
        }
    if call["type"] == "post":
        data = (call["data"] * call.get("times", 1)).encode()
        done = client.post_to_connection(ConnectionId=connection_id, Data=data)
    else:
        done = client.delete_connection(ConnectionId=connection_id)
    return {"type": "done", "statusCode": done["ResponseMetadata"]["HTTPStatusCode"]}


def iso(date):
    return date.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def failed(error, name):
    return {
        "type": "failed",
        "name": name,
        "statusCode": error.response["ResponseMetadata"]["HTTPStatusCode"],
        "message": error.response["Error"].get("Message", ""),
    }


def answer(call):
    try:
        return make(call)
    except client.exceptions.GoneException as error:
        return failed(error, "GoneException")
    except client.exceptions.PayloadTooLargeException as error:
        return failed(error, "PayloadTooLargeException")
    except ClientError as error:
        # What has no class of its own is known by its code.
        return failed(error, error.response["Error"]["Code"])


with ThreadPoolExecutor(max_workers=50) as pool:
    for line in sys.stdin:
        print(json.dumps(list(pool.map(answer, json.loads(line)))), flush=True)
