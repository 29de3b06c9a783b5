@app
chatty

@ws
join

@http
get /rooms/:room

@tables
connections
  id *String
  expires TTL

@tables-indexes
connections
  room *String
  name byRoom
