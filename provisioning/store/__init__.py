"""What provisioning keeps in a database."""
