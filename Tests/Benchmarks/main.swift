print("dropwire-bench")
