@app
rooms

@ws
join

@http
get /

@tables
connections
  room *String
  id **String
  expires TTL

@tables-indexes
connections
  id *String
  name by-connection
  projection keys
