"""Scene modules of this repository; put your own beside them."""
