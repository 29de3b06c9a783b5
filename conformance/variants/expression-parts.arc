# Routes by ${request.body.service}/${request.body.action}

@app
conformance

@ws
chat/join
  src src/ws/join

@aws
routeSelectionExpression "${request.body.service}/${request.body.action}"
