"""The demonstration field: three units modelled on published accounts, filled through the services that everybody uses."""
