@app
polls

@ws
vote

@http
get /votes

@tables
votes
  choice *String

connections
  id *String
