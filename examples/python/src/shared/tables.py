import os
from functools import cache

import boto3

ssm = boto3.client('ssm')
dynamodb = boto3.resource('dynamodb')


@cache
def table(name):
    """A table of app.arc. What it is called on AWS stands in a parameter of the app."""
    parameter = ssm.get_parameter(Name=f"/{os.environ['ARC_STACK_NAME']}/tables/{name}")
    return dynamodb.Table(parameter['Parameter']['Value'])


def read_all(name, operation, **request):
    """All items that a query or a scan finds, page after page, with what was written just now."""
    pages = dynamodb.meta.client.get_paginator(operation)
    found = pages.paginate(TableName=table(name).name, ConsistentRead=True, **request)
    return [item for page in found for item in page['Items']]
