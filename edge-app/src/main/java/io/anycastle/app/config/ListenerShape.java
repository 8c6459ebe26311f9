package io.anycastle.app.config;

import io.anycastle.core.model.ClientPorts;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads and writes a list of listeners: {@code [{address: 127.0.0.1, port: 8080, public-port: 80}]}. Those that visitors reach from outside may
 * be said together: {@code [{address: 203.0.113.7, ports: standard}]}.
 */
final class ListenerShape {
    private static final Shape<InetAddress> ADDRESS = Shapes.address();
    private static final Shape<Integer> PORT = Shapes.number(0, HostPort.PORT_MAX);
    private static final Shape<Integer> PUBLIC_PORT = Shapes.number(1, HostPort.PORT_MAX);
    private static final Shape<ClientPorts> PORTS = Shapes.clientPorts();
    private static final String PUBLIC_PORT_KEY = "public-port";
    private static final String PORTS_KEY = "ports";

    private final int defaultPort;
    private final Optional<Public> publicPorts;

    /**
     * @param fallback the port that visitors see where none is said
     * @param standard those that stand for {@code ports: standard}
     */
    private record Public(int fallback, ClientPorts standard) {}

    private ListenerShape(int defaultPort, Optional<Public> publicPorts) {
        this.defaultPort = defaultPort;
        this.publicPorts = publicPorts;
    }

    /** Listeners whose port visitors see as it is. */
    static Shape<List<ListenerAddress>> plain(int defaultPort) {
        return new ListenerShape(defaultPort, Optional.empty()).shape();
    }

    /**
     * Listeners that have a {@code public-port}.
     *
     * @param standard the ports that {@code ports: standard} stands for
     */
    static Shape<List<ListenerAddress>> withPublicPort(int defaultPort, int defaultPublicPort, ClientPorts standard) {
        return new ListenerShape(defaultPort, Optional.of(new Public(defaultPublicPort, standard))).shape();
    }

    private Shape<List<ListenerAddress>> shape() {
        String expected = "with address, port 0 to 65535 (" + defaultPort + "; 0 takes a free one)"
                + publicPorts.map(ListenerShape::expected).orElse("");
        Shape<List<List<ListenerAddress>>> entries =
                Shapes.listOf(new Shape<>(expected, this::listeners, this::write), 0, ListenerShape::clash);
        return new Shape<>(
                entries.expected(),
                (node, at, problems) -> entries.read(node, at, problems)
                        .map(read -> read.stream().flatMap(List::stream).toList()),
                listeners -> entries.write(listeners.stream().map(List::of).toList()));
    }

    private static String expected(Public visible) {
        String ports = "a list, each public as it is, or standard for " + visible.standard();
        return " and public-port 1 to 65535 (" + visible.fallback() + "), or in place of these two the key ports: "
                + ports;
    }

    private static Optional<String> clash(List<ListenerAddress> entry, List<List<ListenerAddress>> others) {
        return entry.stream()
                .filter(listener -> listener.port() != 0
                        && others.stream().flatMap(List::stream).anyMatch(o -> isSame(o, listener)))
                .findFirst()
                .map(listener -> "listens on " + listener + " a second time");
    }

    private static boolean isSame(ListenerAddress one, ListenerAddress other) {
        return one.port() == other.port() && one.address().equals(other.address());
    }

    private Optional<List<ListenerAddress>> listeners(YamlNode node, String at, Problems problems) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.mismatch(node, at, "keys such as address and port");
            return Optional.empty();
        }
        Map<String, YamlNode> entries = mapping.entries();
        List<String> known = publicPorts.isPresent()
                ? List.of("address", "port", PUBLIC_PORT_KEY, PORTS_KEY)
                : List.of("address", "port");
        entries.forEach((key, value) -> {
            if (!known.contains(key)) {
                problems.add(value.line(), at + "." + key, "no such key" + Nearest.hint(key, known));
            }
        });
        if (!entries.containsKey("address")) {
            problems.add(node.line(), at + ".address", "expected " + ADDRESS.expected() + ", found nothing");
            return Optional.empty();
        }
        Optional<InetAddress> address = read(ADDRESS, entries, "address", at, problems);
        YamlNode ports = entries.get(PORTS_KEY);
        if (ports != null && publicPorts.isPresent()) {
            if (entries.containsKey("port") || entries.containsKey(PUBLIC_PORT_KEY)) {
                problems.add(ports.line(), at + "." + PORTS_KEY, "stands in place of port and public-port");
            }
            Optional<ClientPorts> all = ports(ports, publicPorts.get(), at + "." + PORTS_KEY, problems);
            return address.flatMap(host -> all.map(list -> list.list().stream()
                    .map(port -> new ListenerAddress(host, port, port))
                    .toList()));
        }
        return one(address, entries, at, problems).map(List::of);
    }

    private static Optional<ClientPorts> ports(YamlNode node, Public visible, String at, Problems problems) {
        if (node instanceof YamlNode.Sequence) {
            return PORTS.read(node, at, problems);
        }
        if (node instanceof YamlNode.Scalar scalar && scalar.text().equals("standard")) {
            return Optional.of(visible.standard());
        }
        problems.mismatch(node, at, "standard or a list of ports");
        return Optional.empty();
    }

    private Optional<ListenerAddress> one(
            Optional<InetAddress> address, Map<String, YamlNode> entries, String at, Problems problems) {
        Optional<Integer> port =
                entries.containsKey("port") ? read(PORT, entries, "port", at, problems) : Optional.of(defaultPort);
        Optional<Integer> publicPort = entries.containsKey(PUBLIC_PORT_KEY) && publicPorts.isPresent()
                ? read(PUBLIC_PORT, entries, PUBLIC_PORT_KEY, at, problems)
                : port.map(same -> publicPorts.map(Public::fallback).orElse(same));
        if (address.isEmpty() || port.isEmpty() || publicPort.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ListenerAddress(address.get(), port.get(), publicPort.get()));
    }

    private static <T> Optional<T> read(
            Shape<T> shape, Map<String, YamlNode> entries, String key, String at, Problems problems) {
        YamlNode node = entries.get(key);
        return node == null ? Optional.empty() : shape.read(node, at + "." + key, problems);
    }

    private String write(List<ListenerAddress> entry) {
        return entry.stream().map(this::text).collect(Collectors.joining(", "));
    }

    private String text(ListenerAddress listener) {
        String publicPort = publicPorts.isPresent() ? ", public-port: " + listener.publicPort() : "";
        return "{address: " + ADDRESS.write(listener.address()) + ", port: " + listener.port() + publicPort + "}";
    }
}
