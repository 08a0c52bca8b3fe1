"""The wiring of HaloCIK: settings, addresses, engines. No rules of the helpdesk."""
