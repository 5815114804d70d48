"""The API of the hub, over HTTP and WebSockets, and the dashboard's page."""
