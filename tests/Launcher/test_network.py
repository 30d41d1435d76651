"""The interface that holds an address, and addresses with ports."""
import os
import re
import subprocess
import sys
import unittest

import fakes  # noqa: F401 (puts the sources on the path)
from network import add_interface, host_port, interface_of


class Interface(unittest.TestCase):
    def test_the_loopback(self):
        self.assertEqual("lo", interface_of("127.0.0.1"))

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6"), "no IPv6 here")
    def test_ipv6(self):
        with open("/proc/net/if_inet6") as file:
            rows = [line.split() for line in file]
        if not rows:
            self.skipTest("no interface has an IPv6 address here")
        address = ":".join(re.findall("....", rows[0][0]))
        self.assertEqual(rows[0][5], interface_of(address))

    def test_addresses_that_nobody_holds(self):
        for address in ("203.0.113.7", "2001:db8::1", "", "localhost", "127.0.0.1/8", "300.1.1.1"):
            self.assertIsNone(interface_of(address))

    def test_an_address_of_many(self):
        """In a network namespace of its own, where the loopback gets more addresses than one answer of the kernel holds."""
        script = """
import fcntl, socket, struct, sys
sys.path.insert(0, sys.argv[1])
from network import interface_of
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    for number in range(1, 200):
        request = struct.pack("16sHH4s16x", b"lo:%d" % number, socket.AF_INET, 0, socket.inet_aton("10.9.0.%d" % number))
        fcntl.ioctl(sock.fileno(), 0x8916, request)    # SIOCSIFADDR
print(interface_of("10.9.0.1"), interface_of("10.9.0.199"), interface_of("10.9.0.200"))
"""
        if subprocess.run(["unshare", "--net", "true"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no right to make a network namespace here")
        done = subprocess.run(["unshare", "--net", sys.executable, "-ISc", script, fakes.SOURCES], stdout=subprocess.PIPE,
                              universal_newlines=True)
        self.assertEqual("lo lo None\n", done.stdout)

    def test_given_values_win(self):
        environ = {"HCCL_SOCKET_IFNAME": "eth9"}
        self.assertEqual("lo", add_interface(environ, "127.0.0.1"))
        self.assertEqual({"HCCL_SOCKET_IFNAME": "eth9", "GLOO_SOCKET_IFNAME": "lo", "TP_SOCKET_IFNAME": "lo"}, environ)
        environ = {}
        self.assertEqual("ib0", add_interface(environ, "127.0.0.1", "ib0"))
        self.assertEqual({"ib0"}, set(environ.values()))
        environ = {}
        self.assertIsNone(add_interface(environ, "203.0.113.7"))
        self.assertEqual({}, environ)

    def test_host_and_port(self):
        self.assertEqual(("10.0.0.1:6379", "[fd00::1]:6379"), (host_port("10.0.0.1", 6379), host_port("fd00::1", 6379)))


if __name__ == "__main__":
    unittest.main()
