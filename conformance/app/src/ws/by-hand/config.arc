@aws
runtime provided.al2023
routeResponse true
