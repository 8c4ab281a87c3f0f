#!/bin/sh
# Kentongan: what this site tells of itself. Written by a program: render it anew instead of editing it.
# crontab: @CRON@ /usr/local/bin/kentongan-heartbeat
url=@URL@
data="uptime=$(cut -d' ' -f1 /proc/uptime 2>/dev/null)"
for target in @INTERNET@; do
  [ -n "$target" ] || continue
  said=$(ping -c @PINGS@ -w 10 "$target" 2>/dev/null)
  loss=$(printf '%s\n' "$said" | sed -n 's/.* \([0-9.]*\)% packet loss.*/\1/p')
  took=$(printf '%s\n' "$said" | sed -n 's#.*= [0-9.]*/\([0-9.]*\)/.*#\1#p')
  data="$data&internet=$target,${loss:-100},$took"
done
for target in @DNS@; do
  [ -n "$target" ] || continue
  name=${target%@*}
  server=${target#"$name"}
  server=${server#@}
  if nslookup "$name" ${server:+"$server"} >/dev/null 2>&1; then loss=0
  elif [ -z "$server" ] && getent hosts "$name" >/dev/null 2>&1; then loss=0
  else loss=100; fi
  data="$data&dns=$target,$loss"
done
if [ -r /tmp/dhcp.leases ]; then
  data="$data&leases=$(awk -v now="$(date +%s)" '$1 == 0 || $1 > now' /tmp/dhcp.leases | wc -l | tr -d ' ')"
  pool=$(uci -q get dhcp.lan.limit) && data="$data&pool=$pool"
fi
if command -v curl >/dev/null 2>&1; then
  curl -fsS@INSECURE@ -m 20 -o /dev/null --data "$data" "$url"
else
  wget -q -T 20 -O /dev/null --post-data="$data" "$url" || wget -q -T 20 -O /dev/null "$url?$data"
fi
