@aws
concurrency 0
