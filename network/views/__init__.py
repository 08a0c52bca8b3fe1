"""Pages of the registry: devices for everyone (their own), subnets and workgroups for those who see all."""
