import type { LanguageTemplates } from './language-templates.ts';

/** What functions need on the developer's machine; Lambda brings both. */
export const requirementsTemplate = 'awslambdaric\nboto3\n';

const client = `import json
import os

import boto3

# The address of the socket is also where to send: wss:// is https://, and ws:// of the sandbox http://.
endpoint = os.environ['ARC_WSS_URL'].replace('ws', 'http', 1)
management = boto3.client('apigatewaymanagementapi', endpoint_url=endpoint)
`;

export const pythonTemplates: LanguageTemplates = {
  connect: () => `# src/ws/connect: may this client in? 200 opens its web socket, 403 refuses it.
import os


def handler(event, context):
    return {'statusCode': 200 if is_welcome(event['headers']) else 403}


# A browser says in Origin which site the page is from, and no page can change that. Other programs send none.
def is_welcome(headers):
    origin = headers.get('Origin')
    if origin is None or origin == os.environ.get('ARC_HTTP_URL'):
        return True
    # In the sandbox the page has the same host as the socket, by whatever name or proxy it was opened.
    hosts = [headers.get('Host'), headers.get('X-Forwarded-Host')]
    own = [f'{scheme}://{host}' for host in hosts for scheme in ('http', 'https')]
    return os.environ['ARC_ENV'] == 'testing' and origin in own
`,

  default: () => `# src/ws/default: a message. This one sends its text back to whoever sent it.
${client}

def handler(event, context):
    connection_id = event['requestContext']['connectionId']
    message = {'text': read_text(event['body'])}
    management.post_to_connection(ConnectionId=connection_id, Data=json.dumps(message))
    return {'statusCode': 200}


# The page sends {"text": "..."}; other clients may send anything.
def read_text(body):
    try:
        text = json.loads(body)['text']
        return text if isinstance(text, str) else body
    except (ValueError, TypeError, KeyError):
        return body
`,

  disconnect: () => `# src/ws/disconnect: the client has gone, and nothing can be sent to it any more.
def handler(event, context):
    connection_id = event['requestContext']['connectionId']
    # Clean up here: delete what your app has kept under this connection.
    print('cleaned up after', connection_id)
    return {'statusCode': 200}
`,

  customRoute: (routeKey) => `# A message with {"action": ${JSON.stringify(routeKey)}}.
${client}

def handler(event, context):
    connection_id = event['requestContext']['connectionId']
    message = {'text': ${JSON.stringify(`${routeKey} was called`)}}
    management.post_to_connection(ConnectionId=connection_id, Data=json.dumps(message))
    return {'statusCode': 200}
`,

  authorizer: () => `# src/ws/authorizer: who is this? It is asked at every handshake, before connect.
def handler(event, context):
    user = find_user(event)
    # These very words give the client 401.
    if user is None:
        raise Exception('Unauthorized')
    statement = {'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': event['methodArn']}
    return {
        'principalId': user['id'],
        'policyDocument': {'Version': '2012-10-17', 'Statement': [statement]},
        # Every event of this connection has it in requestContext.authorizer, as texts.
        'context': {'name': user['name']},
    }


# Verify here what the client brought, such as a token in event['queryStringParameters']. Until you do, nobody comes in.
def find_user(event):
    return None
`,

  page: () => `# The page.
import json
import os
from urllib.parse import urlsplit

PAGE = """<!doctype html>
<html>
<body>
<h1>Web sockets</h1>
<main>Loading...</main>
<input id=message type=text placeholder="Enter message" autofocus>
<script>
window.WS_URL = URL
</script>
<script type=module src=/_static/index.mjs></script>
</body>
</html>"""


def handler(event, context):
    return {
        'statusCode': 200,
        'headers': {'content-type': 'text/html; charset=utf-8'},
        'body': PAGE.replace('= URL', f'= {json.dumps(web_socket_url())}'),
    }


# On AWS page and socket have different hosts, and ARC_WSS_URL is the socket's. In the sandbox they share one, so the path
# alone is right by whatever name, port or proxy the page was opened.
def web_socket_url():
    url = os.environ['ARC_WSS_URL']
    return urlsplit(url).path if 'ARC_SANDBOX' in os.environ else url
`,

  http: (label) => `# ${label}
import json


def handler(event, context):
    return {
        'statusCode': 200,
        'headers': {'content-type': 'application/json; charset=utf-8'},
        'body': json.dumps({'hello': event['rawPath']}),
    }
`,

  event: (name) => `# src/events/${name}: a message of the event. One that fails comes twice more.
import json


def handler(event, context):
    for record in event['Records']:
        print(json.loads(record['Sns']['Message']))
`,

  queue: (name) => `# src/queues/${name}: messages of the queue. They come again until they are taken.
import json


def handler(event, context):
    for record in event['Records']:
        print(json.loads(record['body']))
`,

  scheduled: (
    name,
    expression,
  ) => `# src/scheduled/${name}: ${expression}, in UTC. In the sandbox: arc invoke scheduled/${name}
def handler(event, context):
    print('it is', event['time'])
`,

  stream: (
    name,
    tableName,
  ) => `# src/tables-streams/${name}: changes of ${tableName}, up to ten at once. A batch that fails comes again until it is taken.
def handler(event, context):
    for record in event['Records']:
        # INSERT, MODIFY or REMOVE, with OldImage and NewImage in record['dynamodb']
        print(record['eventName'], record['dynamodb']['Keys'])
`,
};
