"""What people look at instead of reading: pictures, as text of their formats."""
