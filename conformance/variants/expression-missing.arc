# Routes by ${request.body.action}-${request.body.nope}

@app
conformance

@ws
join-
  src src/ws/join

@aws
routeSelectionExpression "${request.body.action}-${request.body.nope}"
