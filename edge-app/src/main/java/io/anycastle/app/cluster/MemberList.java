package io.anycastle.app.cluster;

import java.security.cert.CertificateException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster as its documents describe it at one moment. Immutable. */
record MemberList(Optional<Authorities> authorities, Map<String, NodeEntry> nodes) {
    private static final Logger LOG = LoggerFactory.getLogger(MemberList.class);

    MemberList {
        nodes = Map.copyOf(nodes);
    }

    /** A document that cannot be read is logged and left out. */
    static MemberList of(Map<String, String> documents) {
        Map<String, NodeEntry> nodes = new TreeMap<>();
        documents.forEach((key, text) -> {
            if (key.startsWith(NodeEntry.PREFIX)) {
                try {
                    NodeEntry entry = NodeEntry.parse(text);
                    nodes.put(entry.id(), entry);
                } catch (RuntimeException e) {
                    LOG.warn("the cluster document {} cannot be read and counts for nothing: {}", key, e.getMessage());
                }
            }
        });
        return new MemberList(authorities(documents), nodes);
    }

    private static Optional<Authorities> authorities(Map<String, String> documents) {
        String text = documents.get(Authorities.KEY);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Authorities.parse(text));
        } catch (CertificateException | RuntimeException e) {
            LOG.warn("the cluster document {} cannot be read: {}", Authorities.KEY, e.getMessage());
            return Optional.empty();
        }
    }

    Optional<NodeEntry> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** By id or by number. */
    Optional<NodeEntry> find(String idOrNumber) {
        return node(idOrNumber)
                .or(() -> nodes.values().stream()
                        .filter(node -> String.valueOf(node.number()).equals(idOrNumber))
                        .findFirst());
    }

    /** All that were not removed. */
    Collection<NodeEntry> members() {
        return nodes.values().stream()
                .filter(node -> !node.isRemoved())
                .sorted(java.util.Comparator.comparingInt(NodeEntry::number))
                .toList();
    }

    /** The number for the next node; numbers of removed nodes do not come back. */
    int nextNumber() {
        return nodes.values().stream().mapToInt(NodeEntry::number).max().orElse(0) + 1;
    }
}
