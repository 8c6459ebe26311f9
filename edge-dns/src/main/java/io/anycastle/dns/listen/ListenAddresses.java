package io.anycastle.dns.listen;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes exact addresses of what the configuration names, and finds out beforehand which cannot be had. A wildcard becomes every address
 * of its family that the machine has, because an answer must come from the address that was asked.
 *
 * <p>The trial binds take no part in SO_REUSEPORT: a port that another process or another instance serves is told, never shared.
 */
final class ListenAddresses implements AutoCloseable {
    private static final int EACCES = 13;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ATTEMPTS_FOR_ANY_PORT = 20;

    private final List<String> problems = new ArrayList<>();
    private final List<AutoCloseable> held = new ArrayList<>();

    /** Where to listen by UDP and TCP, every port known; what was found stays taken until {@link #close}. */
    List<InetSocketAddress> forDatagramsAndStreams(List<InetSocketAddress> configured) {
        return find(configured, true);
    }

    /** Where to listen by TCP, every port known; what was found stays taken until {@link #close}. */
    List<InetSocketAddress> forStreams(List<InetSocketAddress> configured) {
        return find(configured, false);
    }

    /** A sentence for each address that cannot be had. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    private List<InetSocketAddress> find(List<InetSocketAddress> configured, boolean datagrams) {
        List<InetSocketAddress> found = new ArrayList<>();
        for (InetSocketAddress address : configured) {
            resolve(address, found, datagrams);
        }
        return found;
    }

    private void resolve(InetSocketAddress configured, List<InetSocketAddress> found, boolean datagrams) {
        if (configured.isUnresolved()) {
            problems.add("listen address " + configured.getHostString() + " is no numeric address");
            return;
        }
        Set<InetAddress> exact = expand(configured.getAddress());
        if (configured.getPort() != 0) {
            problems.addAll(tryPort(exact, configured.getPort(), found, datagrams));
            return;
        }
        List<String> last = List.of();
        for (int attempt = 0; attempt < ATTEMPTS_FOR_ANY_PORT; attempt++) {
            last = tryPort(exact, anyPort(), found, datagrams);
            if (last.isEmpty()) {
                return;
            }
        }
        problems.addAll(last);
    }

    private static int anyPort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        }
    }

    private List<String> tryPort(Set<InetAddress> exact, int port, List<InetSocketAddress> found, boolean datagrams) {
        List<InetSocketAddress> wanted = exact.stream()
                .map(a -> new InetSocketAddress(a, port))
                .filter(a -> !found.contains(a))
                .toList();
        List<String> refused = wanted.stream()
                .flatMap(a -> tryAddress(a, datagrams).stream())
                .distinct()
                .toList();
        if (refused.isEmpty()) {
            found.addAll(wanted);
        }
        return refused;
    }

    private List<String> tryAddress(InetSocketAddress address, boolean datagrams) {
        try {
            if (datagrams) {
                DatagramSocket udp = new DatagramSocket(null);
                held.add(udp);
                udp.setReuseAddress(false);
                udp.bind(address);
            }
            ServerSocket tcp = new ServerSocket();
            held.add(tcp);
            tcp.setReuseAddress(true);
            tcp.bind(address);
            return List.of();
        } catch (IOException e) {
            return List.of(refusal(address, e));
        }
    }

    /** Leaves the addresses to those who will serve there. */
    @Override
    public void close() {
        for (AutoCloseable socket : held) {
            try {
                socket.close();
            } catch (Exception e) {
                throw new IllegalStateException("a socket tried beforehand could not be closed", e);
            }
        }
    }

    private static Set<InetAddress> expand(InetAddress address) {
        if (!address.isAnyLocalAddress()) {
            return Set.of(address);
        }
        boolean ipv4 = address instanceof Inet4Address;
        Set<InetAddress> all = new LinkedHashSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(a -> a instanceof Inet4Address == ipv4)
                    .filter(a -> !a.isLinkLocalAddress())
                    .map(ListenAddresses::withoutInterface)
                    .forEach(all::add);
        } catch (SocketException e) {
            throw new IllegalStateException("the machine's addresses cannot be listed", e);
        }
        return all;
    }

    /** The machine's list says of each IPv6 address which interface has it, and with that Vert.x takes it for a name to look up. */
    private static InetAddress withoutInterface(InetAddress address) {
        String literal = address.getHostAddress();
        int end = literal.indexOf('%');
        return end < 0 ? address : InetAddress.ofLiteral(literal.substring(0, end));
    }

    /** The sentence for a refused bind. */
    static String refusal(InetSocketAddress address, IOException cause) {
        String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (cause instanceof BindException && text.contains("in use")) {
            return refusal(address, SystemCalls.EADDRINUSE);
        }
        if (text.contains("permission")) {
            return refusal(address, EACCES);
        }
        return text.contains("assign")
                ? refusal(address, EADDRNOTAVAIL)
                : "port " + address.getPort() + " on " + spelled(address) + " cannot be opened: " + cause.getMessage();
    }

    /** The sentence for a refused bind. */
    static String refusal(InetSocketAddress address, int errno) {
        return switch (errno) {
            case SystemCalls.EADDRINUSE -> "port " + address.getPort() + " on " + spelled(address) + " is in use";
            case EACCES ->
                "port " + address.getPort() + " on " + spelled(address)
                        + " needs root or the capability CAP_NET_BIND_SERVICE";
            case EADDRNOTAVAIL -> "address " + spelled(address) + " is none of this machine's";
            default ->
                "port " + address.getPort() + " on " + spelled(address) + " cannot be opened (errno " + errno + ")";
        };
    }

    /** The address as Vert.x wants it. */
    static SocketAddress inVertx(InetSocketAddress address) {
        return SocketAddress.inetSocketAddress(address.getPort(), spelled(address));
    }

    /** The same listening, whose failure is told by its sentence. */
    static <T> Future<T> told(InetSocketAddress address, Future<T> listening) {
        return listening.recover(e -> Future.failedFuture(
                e instanceof IOException refused ? new IOException(refusal(address, refused), refused) : e));
    }

    private static String spelled(InetSocketAddress address) {
        return address.getAddress().getHostAddress();
    }
}
