package io.anycastle.app.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The loopback addresses that stand for nodes. By 127.77.x.y every member knows the node of that number: on that node's machine nothing
 * listens there, on all others it is the forwarder to it. Its own Hazelcast is bound to 127.78.x.y, so that two nodes fit on one machine.
 */
final class MemberAddresses {
    private static final byte LOOPBACK = 127;
    private static final byte KNOWN_BY = 77;
    private static final byte BOUND_TO = 78;

    private MemberAddresses() {}

    /** What the node of that number is called among members. */
    static InetAddress knownBy(int number) {
        return address(KNOWN_BY, number);
    }

    /** Where the node of that number binds its Hazelcast. */
    static InetAddress boundTo(int number) {
        return address(BOUND_TO, number);
    }

    private static InetAddress address(byte second, int number) {
        try {
            return InetAddress.getByAddress(new byte[] {LOOPBACK, second, (byte) (number >> 8), (byte) number});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
