@app
poll

@aws
runtime python3.13

@ws
vote

@http
get /

@tables
connections
  id *String
  expires TTL
votes
  poll *String
  voter **String
