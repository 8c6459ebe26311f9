package io.anycastle.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The public ports on which hosts are served: one at least, each once, in order. Immutable. */
public final class ClientPorts {
    /** How many there may be. */
    public static final int COUNT_MAX = 100;

    /** What is expected where ports are said. */
    public static final String EXPECTED = "a list of 1 to " + COUNT_MAX + " ports, each from 1 to 65535";

    /** On which Cloudflare takes HTTP. */
    public static final ClientPorts HTTP = of(List.of(80, 8080, 8880, 2052, 2082, 2086, 2095));

    /** On which Cloudflare takes HTTPS. */
    public static final ClientPorts HTTPS = of(List.of(443, 2053, 2083, 2087, 2096, 8443));

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PORT_MAX = 65_535;

    private final int[] ports;

    private ClientPorts(int[] ports) {
        this.ports = ports;
    }

    /** @param ports at least one, each 1 to 65535 */
    public static ClientPorts of(Collection<Integer> ports) {
        return new ClientPorts(
                ports.stream().mapToInt(Integer::intValue).sorted().distinct().toArray());
    }

    /** Those of a JSON list; empty when it is none of ports. */
    public static Optional<ClientPorts> parsed(String json) {
        try {
            return of(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The same of a list that is read already. */
    static Optional<ClientPorts> of(JsonNode list) {
        if (!list.isArray() || list.isEmpty() || list.size() > COUNT_MAX) {
            return Optional.empty();
        }
        int[] ports = new int[list.size()];
        for (int i = 0; i < ports.length; i++) {
            JsonNode port = list.get(i);
            boolean isWhole = port.isNumber() && port.asDouble() == port.asInt();
            if (!isWhole || port.asInt() < 1 || port.asInt() > PORT_MAX) {
                return Optional.empty();
            }
            ports[i] = port.asInt();
        }
        return Optional.of(
                new ClientPorts(Arrays.stream(ports).sorted().distinct().toArray()));
    }

    public boolean contains(int port) {
        for (int one : ports) {
            if (one == port) {
                return true;
            }
        }
        return false;
    }

    public List<Integer> list() {
        return Arrays.stream(ports).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientPorts same && Arrays.equals(ports, same.ports);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ports);
    }

    @Override
    public String toString() {
        return list().toString();
    }
}
