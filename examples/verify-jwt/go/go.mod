module countersign.example/verify

go 1.19
