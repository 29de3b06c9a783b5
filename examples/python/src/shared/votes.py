"""One vote for each voter, who may change their mind."""

from collections import Counter

from boto3.dynamodb.conditions import Key

from shared.tables import read_all, table

POLL = 'lunch'
CHOICES = ['soup', 'curry', 'noodles']


def cast(voter, choice):
    table('votes').put_item(Item={'poll': POLL, 'voter': voter, 'choice': choice})


def count():
    """The message that everybody gets."""
    votes = read_all('votes', 'query', KeyConditionExpression=Key('poll').eq(POLL))
    counts = Counter(vote['choice'] for vote in votes)
    return {'type': 'counts', 'counts': {choice: counts[choice] for choice in CHOICES}}
