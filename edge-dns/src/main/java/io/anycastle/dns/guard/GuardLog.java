package io.anycastle.dns.guard;

import io.anycastle.dns.DnsCounters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log what was limited, a line per interval at most, however much it was. One thread. */
public final class GuardLog {
    private static final Logger LOG = LoggerFactory.getLogger(GuardLog.class);

    private final Guard guard;
    private final DnsCounters counters;
    private long crowdedTold;
    private final Map<GuardEvent, Long> told = new EnumMap<>(GuardEvent.class);

    public GuardLog(Guard guard, DnsCounters counters) {
        this.guard = guard;
        this.counters = counters;
    }

    /** To be called once per interval. */
    public void tell() {
        line().ifPresent(LOG::warn);
        connectionsLine().ifPresent(LOG::warn);
    }

    /** What happened since the last call; empty when nothing did. */
    Optional<String> line() {
        long over = 0;
        StringBuilder kinds = new StringBuilder();
        for (Limit limit : Limit.values()) {
            long more = more(GuardEvent.over(limit));
            over += more;
            if (more > 0) {
                kinds.append(kinds.isEmpty() ? "" : ", ")
                        .append(more)
                        .append(' ')
                        .append(limit.word());
            }
        }
        long withheld = more(GuardEvent.RATELIMIT_WITHHELD);
        long shortened = more(GuardEvent.RATELIMIT_SHORTENED);
        if (over == 0) {
            return Optional.empty();
        }
        String fate = guard.config().rateLimit().dryRun()
                ? "all sent, since this is a dry run"
                : withheld + " withheld, " + shortened + " sent short";
        return Optional.of("answers over a rate limit: " + kinds + "; " + fate + "; the last: "
                + guard.incident().text(guard.config().networks()));
    }

    /** The connections that were refused since the last call because their network had enough. */
    Optional<String> connectionsLine() {
        long now = counters.read(DnsCounters.Event.TCP_CROWDED);
        long more = now - crowdedTold;
        crowdedTold = now;
        return more == 0
                ? Optional.empty()
                : guard.connections()
                        .lastRefused()
                        .map(network -> more + " connections refused of networks that have "
                                + guard.config().connectionsMax() + " already; the last: " + network);
    }

    private long more(GuardEvent event) {
        long now = counters.read(event);
        Long before = told.put(event, now);
        return now - (before == null ? 0 : before);
    }
}
