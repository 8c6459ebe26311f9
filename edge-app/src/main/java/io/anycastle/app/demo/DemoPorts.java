package io.anycastle.app.demo;

import io.anycastle.app.config.ListenerAddress;
import io.anycastle.app.lifecycle.Ports;
import java.net.InetAddress;
import java.util.List;

/** The ports of a demonstration; 0 is a free one. */
public record DemoPorts(int dns, int http, int admin) {
    private static final List<InetAddress> LOOPBACK =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));
    private static final int FREE_TRIES = 100;

    /** The usual ones, each replaced by the next free one where something else has it. */
    public static DemoPorts usual() {
        return new DemoPorts(free(5300), free(8080), free(8053));
    }

    /** Three in a row. */
    public static DemoPorts from(int base) {
        return new DemoPorts(base, base + 1, base + 2);
    }

    private static int free(int wanted) {
        for (int port = wanted; port < wanted + FREE_TRIES; port++) {
            if (isFree(port)) {
                return port;
            }
        }
        return 0;
    }

    private static boolean isFree(int port) {
        return LOOPBACK.stream()
                .filter(Ports::isHere)
                .map(address -> new ListenerAddress(address, port, port))
                .allMatch(listener -> Ports.tcpProblem(listener).isEmpty()
                        && Ports.udpProblem(listener).isEmpty());
    }

    List<ListenerAddress> listeners(int port, int publicPort) {
        return LOOPBACK.stream()
                .filter(Ports::isHere)
                .map(address -> new ListenerAddress(address, port, publicPort == 0 ? port : publicPort))
                .toList();
    }
}
