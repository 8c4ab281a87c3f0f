"""The ways out: webhook, HTTP gateways by template, mail, Apprise, Alertmanager; and what comes back in. The rim.

Each channel says of one attempt whether it was delivered, to be tried later, or refused. Who is told, and when, is
decided in `alerts/dispatch`.
"""
