import json

from shared import people, votes


def handler(event, context):
    """{"action": "vote", "voter": "ann", "choice": "soup"}: counts it, and tells everybody."""
    message = json.loads(event['body'])
    voter, choice = message.get('voter'), message.get('choice')
    if choice not in votes.CHOICES or not isinstance(voter, str) or not 1 <= len(voter) <= 40:
        return {'statusCode': 400}
    votes.cast(voter, choice)
    people.tell(people.everyone, votes.count)
    return {'statusCode': 200}
