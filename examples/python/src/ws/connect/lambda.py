import os

from shared import people


def handler(event, context):
    """May this client in? 200 opens its web socket, 403 refuses it."""
    if not is_welcome(event['headers']):
        return {'statusCode': 403}
    people.keep(event['requestContext']['connectionId'])
    return {'statusCode': 200}


def is_welcome(headers):
    # A browser says in Origin which site the page is from, and no page can change that. Other programs send none.
    origin = headers.get('Origin') or headers.get('origin')
    if origin is None or origin == os.environ.get('ARC_HTTP_URL'):
        return True
    # In the sandbox the page has the same host as the socket, by whatever name it was opened.
    hosts = [headers.get('Host'), headers.get('X-Forwarded-Host')]
    own = [f'{scheme}://{host}' for host in hosts for scheme in ('http', 'https')]
    return os.environ['ARC_ENV'] == 'testing' and origin in own
