print("dropwire")
