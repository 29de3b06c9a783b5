from shared import people


def handler(event, context):
    """The client has gone. AWS may say so twice, or never."""
    people.forget(event['requestContext']['connectionId'])
    return {'statusCode': 200}
