"""The interface that holds the pod's address, asked of the kernel: training images have neither `ip` nor `ifconfig`."""
import array
import fcntl
import ipaddress
import socket
import struct

NAMES = ("HCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME", "TP_SOCKET_IFNAME")
_SIOCGIFCONF = 0x8912
_IFREQ = 40  # sizeof(struct ifreq) on 64-bit Linux: name 16, union 24


def interface_of(address):
    """The name of the interface that holds this IPv4 or IPv6 address; None when there is none."""
    try:
        wanted = ipaddress.ip_address(address)
    except ValueError:
        return None
    found = _interfaces4() if wanted.version == 4 else _interfaces6()
    return next((name for name, held in found if held == wanted), None)


def _interfaces4():
    size = 64 * _IFREQ
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        while True:  # the kernel fills what fits: a full buffer may have missed some
            buffer = array.array("B", bytes(size))
            request = struct.pack("iL", size, buffer.buffer_info()[0])
            used = struct.unpack("iL", fcntl.ioctl(sock.fileno(), _SIOCGIFCONF, request))[0]
            if used < size:
                break
            size *= 2
    for start in range(0, used, _IFREQ):
        entry = buffer[start:start + _IFREQ].tobytes()
        name = entry[:16].partition(b"\0")[0].decode("utf-8", "replace").partition(":")[0]
        yield name, ipaddress.IPv4Address(entry[20:24])


def _interfaces6():
    try:
        with open("/proc/net/if_inet6") as file:
            rows = [line.split() for line in file]
    except OSError:
        return
    for row in rows:
        yield row[5], ipaddress.IPv6Address(int(row[0], 16))


def add_interface(environ, address, given=None):
    """Sets the socket interface of HCCL, Gloo and TensorPipe where the job's own environment doesn't; answers the name."""
    name = given or interface_of(address)
    if name:
        for variable in NAMES:
            environ.setdefault(variable, name)
    return name


def host_port(host, port):
    return "[%s]:%d" % (host, port) if ":" in host else "%s:%d" % (host, port)
