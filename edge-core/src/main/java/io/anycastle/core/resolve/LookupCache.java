package io.anycastle.core.resolve;

import io.anycastle.core.model.DomainName;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps replies for their TTL, the least used of too many go first. Failures are not kept. */
public final class LookupCache implements DnsClient {
    private final DnsClient outside;
    private final ResolveCounters counters;
    private final InstantSource clock;
    private final long absenceMillisMax;

    /** Guarded by itself. */
    private final Map<Question, Kept> kept;

    private record Question(DomainName name, int type) {}

    private record Kept(LookupResult reply, long untilMillis) {}

    /**
     * @param repliesMax 1 to 10,000,000
     * @param absenceMax the longest time that "no" is kept
     */
    public LookupCache(
            DnsClient outside, ResolveCounters counters, int repliesMax, Duration absenceMax, InstantSource clock) {
        this.outside = outside;
        this.counters = counters;
        this.clock = clock;
        this.absenceMillisMax = absenceMax.toMillis();
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Question, Kept> eldest) {
                return size() > repliesMax;
            }
        };
    }

    @Override
    public CompletionStage<LookupResult> ask(DomainName name, int type) {
        Question question = new Question(name, type);
        Optional<LookupResult> known = known(question);
        if (known.isPresent()) {
            counters.kept.increment();
            return CompletableFuture.completedFuture(known.get());
        }
        return outside.ask(name, type).thenApply(reply -> keep(question, reply));
    }

    private Optional<LookupResult> known(Question question) {
        synchronized (kept) {
            Kept found = kept.get(question);
            if (found == null || found.untilMillis <= clock.millis()) {
                kept.remove(question);
                return Optional.empty();
            }
            return Optional.of(found.reply);
        }
    }

    private LookupResult keep(Question question, LookupResult reply) {
        long millis = switch (reply) {
            case LookupResult.Records records -> records.ttlSeconds() * 1000L;
            case LookupResult.NoData none -> Math.min(none.ttlSeconds() * 1000L, absenceMillisMax);
            case LookupResult.NoName none -> Math.min(none.ttlSeconds() * 1000L, absenceMillisMax);
            case LookupResult.Failed ignored -> 0;
        };
        if (millis > 0) {
            synchronized (kept) {
                kept.put(question, new Kept(reply, clock.millis() + millis));
            }
        }
        return reply;
    }
}
