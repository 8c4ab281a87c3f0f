"""The telephones of simulated people: whatever is sent to them has arrived. Reads nothing and answers nothing."""

from collections.abc import Mapping

from alerts.dispatch.messages import Channel, Delivered, Message, Result


class Telephones:
    """Implements alerts.dispatch.messages.Channel."""

    async def deliver(self, message: Message) -> Result:
        return Delivered()


def simulated() -> Mapping[str, Channel]:
    """By the scheme of a simulated person's address."""
    return {"wa": Telephones()}
