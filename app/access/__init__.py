"""Users, sign-in, tokens, reviews and who may do what in them."""
