@app
hotel

@plugins
rooms
health

@rooms
lobby
garden

@tables
guests
  id *String
