package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.dns.wire.Wire;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The names that compiled CNAMEs lead to, also those in our zones, since a delegation or a DNAME there may make others answer for them:
 * one instance per name for as long as a CNAME, or whoever looks the name up, holds it. Any thread.
 */
public final class ExternalTargets {
    private final Map<DomainName, Held> targets = new ConcurrentHashMap<>();
    private final ReferenceQueue<ExternalTarget> gone = new ReferenceQueue<>();
    private final Consumer<ExternalTarget> fill;

    private static final class Held extends WeakReference<ExternalTarget> {
        private final DomainName name;

        Held(ExternalTarget target, ReferenceQueue<ExternalTarget> gone) {
            super(target, gone);
            name = target.name();
        }
    }

    public ExternalTargets() {
        this(_ -> {});
    }

    /** @param fill tells a new target what was learnt about it before, as far as anything was */
    public ExternalTargets(Consumer<ExternalTarget> fill) {
        this.fill = fill;
    }

    /** The target of that name, made when it is not there. */
    public ExternalTarget of(DomainName name) {
        purge();
        while (true) {
            Optional<ExternalTarget> known = find(name);
            if (known.isPresent()) {
                return known.get();
            }
            ExternalTarget made = new ExternalTarget(name);
            fill.accept(made);
            Held held = new Held(made, gone);
            Held raced = targets.putIfAbsent(name, held);
            if (raced == null) {
                return made;
            }
            if (raced.get() == null) {
                targets.remove(name, raced);
            }
        }
    }

    public Optional<ExternalTarget> find(DomainName name) {
        return Optional.ofNullable(targets.get(name)).map(WeakReference::get);
    }

    private void purge() {
        for (Reference<? extends ExternalTarget> held = gone.poll(); held != null; held = gone.poll()) {
            if (held instanceof Held one) {
                targets.remove(one.name, one);
            }
        }
    }

    /** Those that are held now. */
    public Iterator<ExternalTarget> all() {
        return targets.values().stream()
                .map(WeakReference::get)
                .<ExternalTarget>mapMulti((target, out) -> {
                    if (target != null) {
                        out.accept(target);
                    }
                })
                .iterator();
    }

    /**
     * Addresses made ready to be answered, each once (RFC 2181 section 5).
     *
     * @param type A or AAAA
     * @param addresses in wire form, at least one
     */
    public static RrSet compiled(int type, int ttlSeconds, List<Rdata> addresses) {
        if (type != Wire.TYPE_A && type != Wire.TYPE_AAAA) {
            throw new IllegalArgumentException("type " + type + " is no address");
        }
        return RrWriter.set(
                DomainName.ROOT, type, ttlSeconds, addresses.stream().distinct().toList());
    }
}
