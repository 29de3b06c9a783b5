@aws
routeResponse true
