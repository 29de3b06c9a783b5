# Routes by action

@app
conformance

@ws
action
  src src/ws/join

@aws
routeSelectionExpression "action"
