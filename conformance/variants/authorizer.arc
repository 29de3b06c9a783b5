# An authorizer that wants a token in the query.

@app
conformance

@ws
connect
  authorizer route.request.querystring.token
join
