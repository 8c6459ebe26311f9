package io.anycastle.proxy.origin;

import java.net.InetAddress;
import java.util.OptionalInt;

/**
 * Sends connections that records point to one address to another one; the records themselves stay as they are.
 *
 * @param port 1 to 65535; empty keeps the port
 */
public record AddressMapping(InetAddress from, InetAddress to, OptionalInt port) {}
