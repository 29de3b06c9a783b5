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

@aws
runtime typescript

@plugins
architect/plugin-typescript

@typescript
base-runtime nodejs22.x
sourcemaps testing staging
