"""What is asked, of whom, how often, and what came back."""

from domain.polling.classes import DEFAULT_CLASSES, PollClass
from domain.polling.endpoints import Endpoint
from domain.polling.facts import (
    Discovery,
    InterfaceFacts,
    NeighbourFacts,
    OnuFacts,
    OperStatus,
    SensorClass,
    SensorFacts,
    SystemFacts,
    TableError,
    status_word,
)
from domain.polling.fleet import Fleet
from domain.polling.mains import MainsSign
from domain.polling.onus import DownCause, OnuReading, cause_of, find_onu, port_place
from domain.polling.plan import AS_IT_IS, Budget, Column, Conversion, Form, Kind, Plan, PlanBook
from domain.polling.sweep import Outcome, PingRound, Sweep, concatenate

__all__ = [
    "AS_IT_IS",
    "DEFAULT_CLASSES",
    "Budget",
    "Column",
    "Conversion",
    "Discovery",
    "DownCause",
    "Endpoint",
    "Fleet",
    "Form",
    "InterfaceFacts",
    "Kind",
    "MainsSign",
    "NeighbourFacts",
    "OnuFacts",
    "OnuReading",
    "OperStatus",
    "Outcome",
    "PingRound",
    "Plan",
    "PlanBook",
    "PollClass",
    "SensorClass",
    "SensorFacts",
    "Sweep",
    "SystemFacts",
    "TableError",
    "cause_of",
    "concatenate",
    "find_onu",
    "port_place",
    "status_word",
]
