@app
sesh

@static
fingerprint true

@ws

@http
get /
get /login
post /login
post /logout
get /notes

@tables
people
  connectionId *String

notes
  account *String
  at **Number
