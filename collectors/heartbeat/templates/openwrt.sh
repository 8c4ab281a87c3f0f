#!/bin/sh
# Installs Kentongan's heartbeat on OpenWrt; run it once as root. It takes the place of an older one.
cat > /usr/bin/kentongan-heartbeat <<'END_OF_KENTONGAN'
@SCRIPT@END_OF_KENTONGAN
chmod 0700 /usr/bin/kentongan-heartbeat
mkdir -p /etc/hotplug.d/iface /etc/crontabs
cat > /etc/hotplug.d/iface/95-kentongan <<'END_OF_KENTONGAN'
[ "$ACTION" = ifup ] && [ "$INTERFACE" != loopback ] && (sleep 5; /usr/bin/kentongan-heartbeat) >/dev/null 2>&1 &
END_OF_KENTONGAN
touch /etc/crontabs/root
sed -i '/kentongan-heartbeat/d' /etc/crontabs/root
echo @CRON_LINE@ >> /etc/crontabs/root
grep -qs kentongan-heartbeat /etc/sysupgrade.conf || printf '%s\n' /usr/bin/kentongan-heartbeat /etc/hotplug.d/iface/95-kentongan >> /etc/sysupgrade.conf
/etc/init.d/cron enable
/etc/init.d/cron restart
