"""How things are: the state of a device with its reason, and its changes."""

from domain.states.states import DeviceState, State, StateChange, StateStore

__all__ = ["DeviceState", "State", "StateChange", "StateStore"]
