"""What a reading of each class can be at all, whatever a profile says: the last sieve before a value is believed."""

from domain.polling import SensorClass

BOUNDS: dict[SensorClass, tuple[float, float]] = {
    SensorClass.TEMPERATURE: (-100.0, 300.0),
    SensorClass.VOLTAGE: (-2000.0, 2000.0),
    SensorClass.CURRENT: (-5000.0, 5000.0),
    SensorClass.POWER: (-1e5, 1e6),
    SensorClass.DBM: (-60.0, 80.0),
    SensorClass.LOAD: (0.0, 1e5),  # of net-snmp's load average, 100 is one processor
    SensorClass.CHARGE: (0.0, 100.0),
    SensorClass.CPU: (0.0, 100.0),
    SensorClass.MEMORY: (0.0, 100.0),
    SensorClass.RUNTIME: (0.0, 1e8),
    SensorClass.SIGNAL: (-160.0, 30.0),
    SensorClass.SNR: (-60.0, 120.0),
    SensorClass.QUALITY: (0.0, 100.0),
    SensorClass.CLIENTS: (0.0, 1e6),
    SensorClass.FANSPEED: (0.0, 1e5),
    SensorClass.HUMIDITY: (0.0, 100.0),
    SensorClass.FREQUENCY: (0.0, 1e12),
    SensorClass.RATE: (0.0, 1e13),
    SensorClass.DISTANCE: (0.0, 1e6),
}
"""Class → least and greatest, in the unit of the class. A state is any number."""
