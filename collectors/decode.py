"""Raw values to readings, by the device's profile. Pure."""
