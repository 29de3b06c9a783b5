from shared import people, votes


def handler(event, context):
    """A page says that it is there, and gets what the votes are now."""
    people.tell(event['requestContext']['connectionId'], votes.count())
    return {'statusCode': 200}
