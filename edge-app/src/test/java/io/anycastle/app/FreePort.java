package io.anycastle.app;

import io.anycastle.app.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** A port of loopback for a node that is to be started, below those that the system gives to connections: it stays free until then. */
public final class FreePort {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    public static HostPort find() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 30_000);
            try (ServerSocket probe = new ServerSocket(port, 1, LOOPBACK)) {
                if (GIVEN.add(port)) {
                    return new HostPort(LOOPBACK, probe.getLocalPort());
                }
            } catch (IOException e) {
                // taken: another one
            }
        }
    }
}
