# Routes by $request.body.meta.action

@app
conformance

@ws
join

@aws
routeSelectionExpression "$request.body.meta.action"
