"""Reachability: 10,000 addresses of 127.0.0.0/8 pinged each second for a minute. Every one of them answers, because
the kernel does; so every lost echo is a false alarm."""

import argparse
import json
import sys
import time

import numpy as np

from benchmarks import machine, workload
from collectors.icmp import choose
from kentongan.clock import SystemClock

ADDRESSES = 10_000


def measure(addresses: int, seconds: int, wake_seconds: float) -> dict[str, object]:
    clock = SystemClock()
    choice = choose()
    pinger = choice.open()
    if pinger is None:
        raise SystemExit(f"no ping on this machine: {choice.why}")
    pinger.start()
    devices = np.arange(addresses)
    for device, address in enumerate(workload.addresses(addresses)):
        pinger.assign(device, address)
    misses = np.zeros(addresses, np.int64)
    rounds: list[float] = []
    slowest = 0.0
    cpu, began = machine.cpu_seconds(), time.monotonic()
    begun = wakes = 0
    while True:
        now = clock.now()
        since = now.steady_seconds - began
        if begun < seconds and since >= begun:
            pinger.round(devices, now)
            begun += 1
        while (pings := pinger.step(clock.now())) is not None:
            misses[pings.device[np.isnan(pings.rtt_seconds)]] += 1
            rounds.append(float(np.nanmedian(pings.rtt_seconds)))
            slowest = max(slowest, float(np.nanmax(pings.rtt_seconds)))
        if len(rounds) == seconds or since > seconds + 10:
            break
        wakes += 1
        time.sleep(max(0.0, began + wakes * wake_seconds - time.monotonic()))
    wall, cpu = time.monotonic() - began, machine.cpu_seconds() - cpu
    drops = getattr(pinger, "receive_drops", 0)
    pinger.stop()
    return {
        "addresses": addresses,
        "rounds": len(rounds),
        "by": type(pinger).__name__,
        "echoes": len(rounds) * addresses,
        "lost": int(misses.sum()),
        "falselyDown": int((misses > 0).sum()),
        "medianRoundTripMilliseconds": round(float(np.median(rounds)) * 1e3, 3) if rounds else None,
        "slowestRoundTripMilliseconds": round(slowest * 1e3, 1),
        "receiveBufferDrops": drops,
        "coreShare": round(cpu / wall, 4),
        "microseconds": round(cpu / max(len(rounds) * addresses, 1) * 1e6, 2),
        "wakeSeconds": wake_seconds,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addresses", type=int, default=ADDRESSES)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--wake", type=float, default=0.1)
    options = parser.parse_args()
    machine.pin(machine.POLLER_CORE)
    json.dump(measure(options.addresses, options.seconds, options.wake), sys.stdout, default=int)


if __name__ == "__main__":
    main()
