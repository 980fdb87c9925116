"""Sync: changes, merge and wire protocol (pure, the same code on device and server).

Read in this order: `canonical` (bytes), `changes` (what a save is), `merge` (how saves meet),
`delivery` (what a device is told), `protocol` (messages), `exchange` (one sync round, without
I/O). The device's edges: `client` upon `authorised`, `transport` and `problems` (HTTP), `schedule`
upon `pace` and `status` (when, and what screens say of it), `device_side` (towards the store).
"""
