"""Who has the page open: one item for each connection. Every write can be done twice."""

import json
import os
import time

import boto3
from botocore.exceptions import ClientError

from shared.tables import read_all, table

# Where to send: in the sandbox this variable says so, on AWS the address of the socket does.
endpoint = os.environ.get('AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI') or os.environ['ARC_WSS_URL'].replace('wss:', 'https:')
management = boto3.client('apigatewaymanagementapi', endpoint_url=endpoint)


def keep(connection_id):
    # API Gateway ends every connection after two hours, so an item that is older is of nobody.
    table('connections').put_item(Item={'id': connection_id, 'expires': int(time.time()) + 130 * 60})


def forget(connection_id):
    table('connections').delete_item(Key={'id': connection_id})


def everyone():
    return [item['id'] for item in read_all('connections', 'scan')]


def tell(read_ids, read_message):
    """Sends what is read to these connections, again until it is still so once all have been told.

    Functions run side by side. An older message that arrives after a newer one is noticed by whoever sent it.
    """
    message, told = read_message(), None
    while message != told:
        for connection_id in read_ids():
            send(connection_id, message)
        message, told = read_message(), message


def send(connection_id, message):
    """Sends to one. Whoever has gone without a word is forgotten."""
    try:
        management.post_to_connection(ConnectionId=connection_id, Data=json.dumps(message))
    except management.exceptions.GoneException:
        forget(connection_id)
    except ClientError as error:
        # A client that reads too slowly is no reason to tell nobody else.
        print(f'{connection_id} was not reached: {error}')
