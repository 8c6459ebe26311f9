package io.anycastle.app.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads and writes a list of listeners: {@code [{address: 127.0.0.1, port: 8080, public-port: 80}]}. */
final class ListenerShape {
    private static final Shape<InetAddress> ADDRESS = Shapes.address();
    private static final Shape<Integer> PORT = Shapes.number(0, HostPort.PORT_MAX);
    private static final Shape<Integer> PUBLIC_PORT = Shapes.number(1, HostPort.PORT_MAX);

    private final int defaultPort;
    private final OptionalInt defaultPublicPort;

    private ListenerShape(int defaultPort, OptionalInt defaultPublicPort) {
        this.defaultPort = defaultPort;
        this.defaultPublicPort = defaultPublicPort;
    }

    /** Listeners whose port visitors see as it is. */
    static Shape<List<ListenerAddress>> plain(int defaultPort) {
        return new ListenerShape(defaultPort, OptionalInt.empty()).shape();
    }

    /** Listeners that have a {@code public-port}. */
    static Shape<List<ListenerAddress>> withPublicPort(int defaultPort, int defaultPublicPort) {
        return new ListenerShape(defaultPort, OptionalInt.of(defaultPublicPort)).shape();
    }

    private Shape<List<ListenerAddress>> shape() {
        String expected = "with address, port 0 to 65535 (" + defaultPort + "; 0 takes a free one)"
                + (defaultPublicPort.isPresent()
                        ? " and public-port 1 to 65535 (" + defaultPublicPort.getAsInt() + ")"
                        : "");
        return Shapes.listOf(new Shape<>(expected, this::listener, this::write), 0, ListenerShape::clash);
    }

    private static Optional<String> clash(ListenerAddress listener, List<ListenerAddress> others) {
        boolean isTaken = listener.port() != 0
                && others.stream()
                        .anyMatch(
                                o -> o.port() == listener.port() && o.address().equals(listener.address()));
        return isTaken ? Optional.of("listens on " + listener + " a second time") : Optional.empty();
    }

    private Optional<ListenerAddress> listener(YamlNode node, String at, Problems problems) {
        if (!(node instanceof YamlNode.Mapping mapping)) {
            problems.mismatch(node, at, "keys such as address and port");
            return Optional.empty();
        }
        List<String> known =
                defaultPublicPort.isPresent() ? List.of("address", "port", "public-port") : List.of("address", "port");
        mapping.entries().forEach((key, value) -> {
            if (!known.contains(key)) {
                problems.add(value.line(), at + "." + key, "no such key" + Nearest.hint(key, known));
            }
        });
        if (!mapping.entries().containsKey("address")) {
            problems.add(node.line(), at + ".address", "expected " + ADDRESS.expected() + ", found nothing");
            return Optional.empty();
        }
        Optional<InetAddress> address = read(ADDRESS, mapping.entries(), "address", at, problems);
        Optional<Integer> port = mapping.entries().containsKey("port")
                ? read(PORT, mapping.entries(), "port", at, problems)
                : Optional.of(defaultPort);
        Optional<Integer> publicPort = mapping.entries().containsKey("public-port") && defaultPublicPort.isPresent()
                ? read(PUBLIC_PORT, mapping.entries(), "public-port", at, problems)
                : port.map(defaultPublicPort::orElse);
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

    private String write(ListenerAddress listener) {
        String publicPort = defaultPublicPort.isPresent() ? ", public-port: " + listener.publicPort() : "";
        return "{address: " + ADDRESS.write(listener.address()) + ", port: " + listener.port() + publicPort + "}";
    }
}
