package io.anycastle.app.cluster;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The tunnel's open connections by node; any thread. */
final class TunnelConnections {
    private final Map<String, Set<Splice>> open = new ConcurrentHashMap<>();

    void run(String node, Splice splice) {
        Set<Splice> all = open.computeIfAbsent(node, id -> ConcurrentHashMap.newKeySet());
        all.add(splice);
        splice.run(() -> all.remove(splice));
    }

    boolean has(String node) {
        return !open.getOrDefault(node, Set.of()).isEmpty();
    }

    void cut(String node) {
        Set.copyOf(open.getOrDefault(node, Set.of())).forEach(Splice::cut);
    }

    void cutAll() {
        open.keySet().forEach(this::cut);
    }
}
