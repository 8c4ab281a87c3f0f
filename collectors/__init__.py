"""Asks the network: SNMP, ICMP, SSH, HTTP, RTSP, DNS, LLDP; hears heartbeats and syslog; discovers. Decides nothing."""
