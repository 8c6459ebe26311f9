package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which names name which others, found from either side. One thread. */
final class NameLinks {
    private final Map<DomainName, Set<DomainName>> targets = new HashMap<>();
    private final Map<DomainName, Set<DomainName>> sources = new HashMap<>();

    boolean isEmpty() {
        return sources.isEmpty();
    }

    /**
     * Lets a name name just these others from now on.
     *
     * @return those that it named before or names now
     */
    Set<DomainName> link(DomainName source, Set<DomainName> to) {
        Set<DomainName> before = to.isEmpty() ? targets.remove(source) : targets.put(source, to);
        if (before == null) {
            to.forEach(target -> add(target, source));
            return to;
        }
        Set<DomainName> touched = new HashSet<>(to);
        touched.addAll(before);
        before.forEach(target -> remove(target, source));
        to.forEach(target -> add(target, source));
        return touched;
    }

    private void add(DomainName target, DomainName source) {
        sources.computeIfAbsent(target, _ -> new HashSet<>()).add(source);
    }

    private void remove(DomainName target, DomainName source) {
        sources.computeIfPresent(target, (_, all) -> {
            all.remove(source);
            return all.isEmpty() ? null : all;
        });
    }

    /** All that are named. */
    Set<DomainName> targets() {
        return Collections.unmodifiableSet(sources.keySet());
    }

    boolean isTarget(DomainName name) {
        return sources.containsKey(name);
    }

    /** Those that name it. */
    Set<DomainName> to(DomainName target) {
        return Collections.unmodifiableSet(sources.getOrDefault(target, Set.of()));
    }
}
