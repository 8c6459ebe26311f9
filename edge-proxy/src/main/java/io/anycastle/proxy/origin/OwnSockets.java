package io.anycastle.proxy.origin;

import io.anycastle.proxy.listen.ListenerStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Spells out where this node listens: a wildcard address is every address of the machine. */
public final class OwnSockets {
    private OwnSockets() {}

    public static Set<InetSocketAddress> of(List<ListenerStatus> listeners) {
        Set<InetSocketAddress> sockets = new HashSet<>();
        for (ListenerStatus listener : listeners) {
            InetAddress address = InetAddress.ofLiteral(listener.address());
            sockets.add(new InetSocketAddress(address, listener.port()));
            if (address.isAnyLocalAddress()) {
                machineAddresses().forEach(own -> sockets.add(new InetSocketAddress(own, listener.port())));
            }
        }
        return sockets;
    }

    private static List<InetAddress> machineAddresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of(InetAddress.getLoopbackAddress());
        }
    }
}
